// What the example platforms have: a memory with images of drawn digits, and accesses to it and to
// chips.
#ifndef EXAMPLE_PARTS_HPP
#define EXAMPLE_PARTS_HPP

#include <algorithm>
#include <cstdint>
#include <vector>

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_target_socket.h>

#include <mca.h>

namespace example {

// What lies in the memory: `count` images one after the other, then as many bytes of labels.
struct image_table {
    uint32_t count;
    uint32_t to_learn; // the first of them
    uint32_t pixels;   // of an image

    uint64_t image_at(uint32_t image) const {
        return uint64_t{image} * pixels;
    }
    uint64_t label_at(uint32_t image) const {
        return uint64_t{count} * pixels + image;
    }
};

// A memory: an access takes `latency`, and a nanosecond for each word of the socket's width.
template <unsigned BITS> class memory : public sc_core::sc_module {
  public:
    tlm_utils::simple_target_socket<memory, BITS> port{"port"};
    std::vector<unsigned char> bytes; // what stands in it before the simulation
    uint64_t accesses = 0;
    sc_core::sc_time busy;

    memory(const sc_core::sc_module_name &name, const sc_core::sc_time &latency)
        : sc_module(name), latency_(latency) {
        port.register_b_transport(this, &memory::access);
    }

  private:
    void access(tlm::tlm_generic_payload &payload, sc_core::sc_time &delay) {
        const uint64_t address = payload.get_address();
        const uint64_t length = payload.get_data_length();
        if (address > bytes.size() || length > bytes.size() - address) {
            payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
            return;
        }
        if (payload.is_write()) {
            std::copy_n(payload.get_data_ptr(), length, bytes.data() + address);
        } else if (payload.is_read()) {
            std::copy_n(bytes.data() + address, length, payload.get_data_ptr());
        }
        const uint64_t words = (length * 8 + BITS - 1) / BITS;
        const sc_core::sc_time takes =
            latency_ + sc_core::sc_time(static_cast<double>(words), sc_core::SC_NS);
        delay += takes;
        busy += takes;
        ++accesses;
        payload.set_response_status(tlm::TLM_OK_RESPONSE);
    }

    const sc_core::sc_time latency_;
};

// Drawn digits, from the library that the chip comes with: `count` of them are data.train. Neither
// a directory of data sets is named nor anybody told of notices. False with the reason in `error`.
inline bool draw_digits(mca_dataset &data, uint32_t count, mca_error *error) {
    mca_dataset_config config = {};
    config.name = MCA_DATASET_SYNTHETIC_DIGITS;
    config.synthetic_train = count;
    config.synthetic_test = 1;
    config.synthetic_seed = 1;
    return mca_dataset_load(&data, &config, nullptr, nullptr, error) == MCA_OK;
}

// Digits into a memory; likewise.
template <unsigned BITS> bool fill(memory<BITS> &to, image_table &table, mca_error *error) {
    mca_dataset data;
    if (!draw_digits(data, table.count, error)) {
        return false;
    }
    table.pixels = data.inputs;
    to.bytes.resize(table.label_at(table.count));
    std::copy_n(data.train.pixels, table.label_at(0), to.bytes.begin());
    std::copy_n(data.train.labels, table.count,
                to.bytes.begin() + static_cast<std::ptrdiff_t>(table.label_at(0)));
    mca_dataset_deinit(&data);
    return true;
}

// An access by the process that calls it, which waits until it is over.
template <typename Socket>
void access(Socket &socket, tlm::tlm_command command, uint64_t address, void *data,
            unsigned length) {
    tlm::tlm_generic_payload payload;
    payload.set_command(command);
    payload.set_address(address);
    payload.set_data_ptr(static_cast<unsigned char *>(data));
    payload.set_data_length(length);
    payload.set_streaming_width(length);
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    socket->b_transport(payload, delay);
    sc_core::wait(delay);
    if (!payload.is_response_ok()) {
        SC_REPORT_ERROR("/example", payload.get_response_string().c_str());
    }
}

} // namespace example

#endif
