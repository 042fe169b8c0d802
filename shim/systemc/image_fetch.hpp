// Reads images from the platform's memory, one after the other, while the chip works on others.
#ifndef MCA_SHIM_SYSTEMC_IMAGE_FETCH_HPP
#define MCA_SHIM_SYSTEMC_IMAGE_FETCH_HPP

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_initiator_socket.h>

namespace mca {

class image_fetch : public sc_core::sc_module {
  public:
    tlm_utils::simple_initiator_socket_optional<image_fetch, 32> memory;   // one of them is bound,
    tlm_utils::simple_initiator_socket_optional<image_fetch, 64> memory64; // or none

    // `fetched` is called with what has been read, and whether the memory gave it.
    image_fetch(const sc_core::sc_module_name &name,
                std::function<void(const std::vector<uint8_t> &, bool)> fetched);
    bool is_bound() const;
    // A burst of `bytes`, once the one before has ended.
    void begin(uint64_t address, size_t bytes);
    // What has begun is not told of. The memory is waited for all the same: its process is not ours
    // to stop.
    void forget();

  private:
    struct burst {
        uint64_t address;
        size_t bytes;
    };
    void run();
    bool read(const burst &what);

    std::function<void(const std::vector<uint8_t> &, bool)> on_fetched_;
    std::optional<burst> next_;
    std::vector<uint8_t> data_;
    uint64_t forgotten_ = 0; // how often
    sc_core::sc_event begun_;
};

} // namespace mca

#endif
