#include "training_host.hpp"

#include "guard.hpp"

namespace mca {

// Hands work to the thread of the host and runs the kernel until it is done. Errors of the modules
// become errors of the C core again.
template <typename Work> mca_status training_host::perform(Work work, mca_error *error) {
    return guarded(error, [&] {
        work_ = work;
        work_event_.notify(sc_core::SC_ZERO_TIME);
        sc_core::sc_start();
        MCA_TRY(check_memory(error));
        return work_ ? mca_fail(error, MCA_FAILED, "the chip does not go on") : MCA_OK;
    });
}

training_host::training_host(const sc_core::sc_module_name &name)
    : sc_module(name), bus("bus"),
      irq("irq"), engine_{this,
                          [](void *user, double rate, uint32_t batch, mca_error *error) {
                              auto *self = static_cast<training_host *>(user);
                              return self->perform([=] { self->start_epoch(rate, batch); }, error);
                          },
                          [](void *user, const uint8_t *pixels, uint32_t label,
                             mca_image_outcome *outcome, mca_error *error) {
                              auto *self = static_cast<training_host *>(user);
                              return self->perform(
                                  [=] { self->train_image(pixels, label, outcome); }, error);
                          },
                          [](void *user, mca_error *error) {
                              auto *self = static_cast<training_host *>(user);
                              return self->perform([=] { self->end_epoch(); }, error);
                          }} {
    SC_HAS_PROCESS(training_host);
    SC_THREAD(run);
    SC_THREAD(collect);
}

void training_host::run() {
    for (;;) {
        while (!work_) {
            wait(work_event_);
        }
        work_();
        work_ = nullptr;
        sc_core::sc_pause();
        wait(work_event_);
    }
}

void training_host::access(tlm::tlm_command command, uint64_t address, void *data,
                           unsigned length) {
    tlm::tlm_generic_payload payload;
    payload.set_command(command);
    payload.set_address(address);
    payload.set_data_ptr(static_cast<unsigned char *>(data));
    payload.set_data_length(length);
    payload.set_streaming_width(length);
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    bus->b_transport(payload, delay);
    if (!payload.is_response_ok()) {
        SC_REPORT_ERROR("/mca/host", payload.get_response_string().c_str());
    }
}

void training_host::read(uint64_t address, void *data, unsigned length) {
    access(tlm::TLM_READ_COMMAND, address, data, length);
}

void training_host::write(uint64_t address, uint32_t value) {
    access(tlm::TLM_WRITE_COMMAND, address, &value, sizeof value);
}

void training_host::start_epoch(double rate, uint32_t batch) {
    read(reg::inputs, &inputs_, sizeof inputs_);
    write(reg::batch, batch);
    access(tlm::TLM_WRITE_COMMAND, reg::rate, &rate, sizeof rate);
}

void training_host::train_image(const uint8_t *pixels, uint32_t label, mca_image_outcome *outcome) {
    outcomes_.push_back(outcome);
    access(tlm::TLM_WRITE_COMMAND, reg::pixels, const_cast<uint8_t *>(pixels), inputs_);
    write(reg::label, label);
    write(reg::control, start::train);
}

void training_host::end_epoch() {
    write(reg::control, start::end_batch);
    while (!outcomes_.empty()) {
        wait(collected_);
    }
}

// Results as they come.
void training_host::collect() {
    for (;;) {
        while (!irq.read()) {
            wait(irq.value_changed_event());
        }
        while (irq.read()) {
            mca_image_outcome *outcome = outcomes_.front();
            read(reg::predicted, &outcome->predicted, sizeof outcome->predicted);
            read(reg::loss, &outcome->loss, sizeof outcome->loss);
            write(reg::next, 1);
            outcomes_.pop_front(); // the last access is over, and an epoch can end
            collected_.notify(sc_core::SC_ZERO_TIME);
        }
    }
}

} // namespace mca
