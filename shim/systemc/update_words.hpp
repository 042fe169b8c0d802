// The words of chi that an update goes through, found from its inputs and errors, and the engines
// that do: one, or, where tiles have digital units, one for each tile of the layer, which goes
// through its own.
#ifndef MCA_SHIM_SYSTEMC_UPDATE_WORDS_HPP
#define MCA_SHIM_SYSTEMC_UPDATE_WORDS_HPP

#include <cstdint>
#include <vector>

#include "context.hpp"
#include "payload.hpp"

namespace mca {

class update_words {
  public:
    update_words(const context &shared, uint32_t layer, image &of);

    uint32_t engines() const {
        return static_cast<uint32_t>(engines_.size());
    }
    // The engine that a command is of.
    uint32_t engine_of(const mca_pulse_command &pulses) const;
    // Words that an engine adds to accumulators, a cycle each, before its first word of chi.
    uint64_t summed(uint32_t engine) const {
        return engines_[engine].summed;
    }
    // How many words an engine goes through; in floating point rows, which are handed over whole.
    uint64_t count(uint32_t engine) const {
        return engines_[engine].first.back();
    }
    // The number of a command's word among those of its engine.
    uint64_t number_of(const mca_pulse_command &pulses) const;

    // Cycles of a word, or of a row, of an engine without commands.
    static uint64_t pace(const ::mca_chip *model, uint32_t layer, uint32_t engine);
    // Engines of a layer.
    static uint32_t engines_of(const ::mca_chip *model, uint32_t layer);

  private:
    // Rows of chi, and words of each of them.
    struct block {
        std::vector<uint32_t> rows;
        std::vector<uint32_t> words; // that have an error, or an input; none in floating point
    };
    struct cut {
        uint32_t first_row, end_row, first_word, end_word;
    };
    struct engine {
        cut of;
        uint64_t summed = 0;
        std::vector<uint64_t> first; // [blocks + 1] its words before each block
    };

    static cut cut_of(const ::mca_chip *model, uint32_t layer, uint32_t engine);
    static uint64_t within(const std::vector<uint32_t> &numbers, uint32_t first, uint32_t end);
    uint64_t count_in(const block &at, const cut &of) const;
    void add(const block &at);
    void find_sums(image &of);
    // The words of a row of chi that any of these columns lies in.
    std::vector<uint32_t> words_among(const std::vector<uint32_t> &columns) const;
    block block_at(uint32_t position, const mca_layer_signals &signals) const;

    const context *shared_;
    uint32_t layer_;
    bool is_fixed_;
    bool by_columns_;
    std::vector<block> blocks_; // [positions]; of sums over them [rows of chi]
    std::vector<engine> engines_;
};

} // namespace mca

#endif
