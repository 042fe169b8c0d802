/* mcasim cosim: the C model against the Verilated RTL of the digital unit. */
#include "cli/cli.h"
#include "cli/cosim/session.h"
#include "run/common_options.h"

#define OF(member) (struct cli_cosim, member)

static const struct mca_option OPTIONS[] = {
    MCA_NUMBER("images", 0, "N", OF(images), 1, 1000000000, "one epoch of the scenario",
               "images to compare"),
    MCA_TEXT("vcd", 0, "FILE", OF(vcd), NULL,
             "waveform of all of them, or of the image that differs (default for the latter: "
             "cosim-mismatch.vcd); FST where FILE ends in .fst"),
    MCA_TEXT(
        "rtl", 0, "DIR|FILE.f", OF(source.path), NULL,
        "Verilog in place of the RTL that comes with mcasim: a folder of it, or a list of files "
        "as verilator -F reads it"),
    MCA_TEXT("top", 0, "NAME", OF(source.top), "dpu", "its module with the digital unit's ports"),
    MCA_FLAG("no-cycles", 0, OF(ignores_cycles),
             "compare values alone: the digital unit may take other cycles"),
    MCA_OPTION_SET_ANY(OF(scenario.sets)),
    MCA_OPTION_SEED(OF(scenario.seed)),
    MCA_OPTION_DATA(OF(data)),
    MCA_OPTION_ONLY_RESULTS(OF(quiet)),
};

static enum mca_status run(const struct mca_arguments *given, struct mca_error *error) {
    struct cli_cosim *options = given->options;
    options->scenario.path = given->texts[0];
    return cli_run_cosim(options, error);
}

const struct mca_command cli_cosim = {
    .name = "cosim",
    .arguments = "SCENARIO",
    .summary = "compare the C model with the RTL of the digital unit",
    .about = "Trains with the C model and drives the Verilated RTL of the digital unit with the "
             "same traffic. Compares every DAC code, activation, error, chi word and pulse "
             "command, and the cycles of every operation. The first difference ends it with exit "
             "status 1 and a line of what the model expected and what the RTL has "
             "(docs/guide/cosimulation.md, docs/guide/own-digital-unit.md); the run is then "
             "repeated up to that image to leave a waveform of it. "
             "The RTL is verilated when it is first wanted, and kept in $XDG_CACHE_HOME/mcasim.",
    .exit_status =
        "0 equal; 1 a difference, or the job failed; 2 wrong usage, bad content, or a "
        "scenario or Verilog that does not fit; 3 the operating system refused a file, or "
        "there is no Verilator or C++ compiler; 130 or 143 interrupted.",
    CLI_OPTIONS(OPTIONS, struct cli_cosim),
    .shown = "images rtl vcd",
    .hint = mca_option_as_key,
    CLI_ONE_NAMED("scenario"),
    .run = run};
