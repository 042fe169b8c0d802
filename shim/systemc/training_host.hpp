// A host that trains the chip through its registers: the engine of mca_train, whose images come
// from outside of the simulation. Each call runs the kernel until the chip has taken what it
// brings, so that images overlap on the chip as its buffers allow.
#ifndef MCA_SHIM_SYSTEMC_TRAINING_HOST_HPP
#define MCA_SHIM_SYSTEMC_TRAINING_HOST_HPP

#include <deque>
#include <functional>

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_initiator_socket.h>

#include "mca_chip.hpp"
#include "train/trainer.h"

namespace mca {

class training_host : public sc_core::sc_module {
  public:
    tlm_utils::simple_initiator_socket<training_host> bus;
    sc_core::sc_in<bool> irq;

    explicit training_host(const sc_core::sc_module_name &name);

    // For mca_train; lives as long as the host.
    const mca_train_engine *engine() const {
        return &engine_;
    }

  private:
    void run();
    void collect();
    template <typename Work> mca_status perform(Work work, mca_error *error);
    void start_epoch(double rate, uint32_t batch);
    void train_image(const uint8_t *pixels, uint32_t label, mca_image_outcome *outcome);
    void end_epoch();
    void write(uint64_t address, uint32_t value);
    void read(uint64_t address, void *data, unsigned length);
    void access(tlm::tlm_command command, uint64_t address, void *data, unsigned length);

    mca_train_engine engine_;
    std::function<void()> work_; // to be done, or empty
    sc_core::sc_event work_event_, collected_;
    std::deque<mca_image_outcome *> outcomes_; // of started images, oldest first
    uint32_t inputs_ = 0;
};

} // namespace mca

#endif
