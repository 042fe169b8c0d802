// The registers' addresses, and what can be done to them; what they mean is in mca_chip.hpp.
#ifndef MCA_SHIM_SYSTEMC_HOST_REGISTERS_HPP
#define MCA_SHIM_SYSTEMC_HOST_REGISTERS_HPP

#include "mca_chip.hpp"

namespace mca {

struct host_register {
    uint64_t address;
    unsigned bytes;
    bool is_read;
    bool is_written;
    bool is_poked; // by a debug write too: it does nothing but hold a value
};

inline constexpr host_register HOST_REGISTERS[] = {
    {reg::id, 4, true, false, false},        {reg::control, 4, false, true, false},
    {reg::status, 4, true, false, false},    {reg::irq, 4, true, false, false},
    {reg::label, 4, true, true, true},       {reg::batch, 4, true, true, false},
    {reg::rate, 8, true, true, false},       {reg::number, 8, true, false, false},
    {reg::predicted, 4, true, false, false}, {reg::loss, 8, true, false, false},
    {reg::next, 4, false, true, false},      {reg::inputs, 4, true, false, false},
    {reg::outputs, 4, true, false, false},   {reg::source, 8, true, true, true},
};

// The register that a byte is of, or NULL.
inline const host_register *register_at(uint64_t address) {
    for (const host_register &one : HOST_REGISTERS) {
        if (address >= one.address && address - one.address < one.bytes) {
            return &one;
        }
    }
    return nullptr;
}

} // namespace mca

#endif
