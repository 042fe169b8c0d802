# The tables of results.md, from the files that `run` leaves. -v liberty: the cell library.
BEGIN {
    # Stillmaker and Baas (2017): 180 nm, 1.8 V to 14 nm (high performance), 0.8 V
    energy_scale = (0.2363 * 0.8 ^ 2 - 0.09675 * 0.8 + 0.02239) / (24.64 * 1.8 - 17.98)
    delay_scale = (-40.66 * 0.8 ^ 3 + 109.2 * 0.8 ^ 2 - 100.6 * 0.8 + 35.92) / \
                  (97.09 * 1.8 ^ 2 - 356.7 * 1.8 + 406.5)
    area_scale = 0.0093
    clock_hz = 1e9 # dpu.clock_hz of the reference chip

    # windows of replay.v, from 1
    split("wait,image,sums,sigmoid,output error,hidden sums,hidden error,update", window_name, ",")
    SUMS = 3; SIGMOID = 4; OUTPUT_ERROR = 5; HIDDEN_SUMS = 6; HIDDEN_ERROR = 7; UPDATE = 8

    while ((getline line < liberty) > 0) {
        number = line
        gsub(/[^0-9.]/, "", number)
        if (line ~ /^cell *\(/) { cell = line; gsub(/^cell *\(|\).*/, "", cell) }
        if (line ~ /^ *area *:/) area[cell] = number
        if (line ~ /^ *pin *\(/) is_clock = line ~ /\(CLK\)/
        if (line ~ /^ *capacitance *:/ && is_clock) clock_pf[cell] = number
    }
}

FNR == 1 { part = FILENAME; sub(/.*\//, "", part); sub(/\..*/, "", part) }

# ---- yosys: a module's own cells, and how often it stands in the unit ------------------------------
# names as in netlist.v
function plain(text,    hash) {
    hash = text ~ /^\$paramod\$/ ? "_" substr(text, 10, 4) : ""
    sub(/.*\\/, "", text)
    return text hash
}
/^=== / { module = plain($2); hierarchy = $2 == "design"; next }
part == "generic" && !hierarchy && /^     \$_/ {
    generic[module] += $2
    if ($1 ~ /DFF/) registers[module] += $2
}
part == "mapped" && !hierarchy && /^     [A-Z]/ {
    cells[module] += $2
    gates[module] += $2 * area[$1] / area["NAND2X1"]
}
part == "mapped" && hierarchy && NF == 2 && $1 !~ /^[A-Z]/ && $2 ~ /^[0-9]+$/ {
    match($0, /^ */)
    at_depth[RLENGTH] = $2 * (RLENGTH > 3 ? at_depth[RLENGTH - 2] : 1)
    instances[plain($1)] += at_depth[RLENGTH]
}

# ---- the other files -------------------------------------------------------------------------------
part == "memories" { words[$1] = $2; width[$1] = $3 }
part == "timing" && $1 == "timing" { path_ns[$2] = $3; path[$2] = $4 ", " $5 }
part == "cells" && $6 in words {
    sub(/\/_.*|gen_[a-z]+_[0-9]+__/, "", $1)
    memory[$1] = $6
    ++memory_count[$1]
}
part == "cells" && $5 > 0 { clock_fj[$2] += $5 + clock_pf[$6] * 1.8 ^ 2 * 1000 } # inside, and the pin
part == "cells" && $2 == "u_update/u_lane" { lane_fj[$6] += $3 + $4; ++lane_cells[$6] }
part == "energy" && $2 > 0 && $1 == "cycles" { cycles[$2] = $3 }
part == "energy" && $2 > 0 && $1 == "energy" { fj[$2] += $4; group_fj[$2, $3] = $4; groups[$3] }
part == "arithmetic" && $1 == "cycles" { arithmetic_cycles = $3 }
part == "arithmetic" && $1 == "energy" { alone_fj[$3] = $4 / arithmetic_cycles }
part == "ledger" { split($0, field, ","); count[field[1], field[2]] = field[3] }
part == "replay" && /^equal/ { replayed = $2 }
part == "cosim" { sub(/;.*/, ""); cosimulated = $0 }

# ---- tables ----------------------------------------------------------------------------------------
END {
    print_cells()
    print_memories()
    print_energy()
    print_modules()
    print_library()
}

function head(title, columns, alignment) { printf "\n## %s\n\n| %s |\n| %s |\n", title, columns, alignment }

function print_cells(    m, name, order, n, i) {
    head("Cells", "module | instances | generic cells | library cells | gate equivalents | register bits" \
         " | longest path alone, ns | from, to", "--- | ---: | ---: | ---: | ---: | ---: | ---: | ---")
    for (m in cells) {
        name = m
        sub(/_[0-9a-f][0-9a-f][0-9a-f][0-9a-f]$/, "", name)
        all_instances[name] += instances[m]
        all_generic[name] += generic[m] * instances[m]
        all_cells[name] += cells[m] * instances[m]
        all_gates[name] += gates[m] * instances[m]
        all_registers[name] += registers[m] * instances[m]
        if (path_ns[m] > path_ns[longest[name]]) longest[name] = m
    }
    n = split("dpu registers sequencer image_loader vector_unit partial_sums sigmoid_lane error_lane" \
              " shared_exponent dac_code word_list update_engine chi_lane pulse_fifo", order, " ")
    for (i = 1; i <= n; ++i) {
        name = order[i]
        m = longest[name]
        print_row(name, all_instances[name], all_generic[name], all_cells[name], all_gates[name], \
                  all_registers[name], i > 1 ? path_ns[m] : "", i > 1 ? path[m] : "")
        unit_generic += all_generic[name]
        unit_cells += all_cells[name]
        unit_gates += all_gates[name]
        unit_registers += all_registers[name]
    }
    print_row("**unit**", "", unit_generic, unit_cells, unit_gates, unit_registers, path_ns["dpu"], path["dpu"])
    printf "\nRegister bits of the unit: %d\n", unit_registers
    printf "\nLongest path of the unit: %.2f ns at 180 nm (%.0f MHz), %.2f ns scaled to 14 nm.\n", \
           path_ns["dpu"], 1000 / path_ns["dpu"], path_ns["dpu"] * delay_scale
}
function print_row(name, instances, generic, cells, gates, registers, ns, path) {
    printf "| %s | %s | %d | %d | %.0f | %d | %s | %s |\n", name, instances, generic, cells, gates, \
           registers, ns, path
}

function print_memories(    place, m, bits, total) {
    head("Memories, left out as macros", "place | words x bits | instances | bits", "--- | ---: | ---: | ---:")
    for (place in memory) {
        m = memory[place]
        bits = words[m] * width[m] * memory_count[place]
        total += bits
        printf "| %s | %d x %d | %d | %d |\n", place, words[m], width[m], memory_count[place], bits | "sort"
    }
    close("sort")
    printf "| **unit** | | | %d |\n", total
}

function print_energy(    w, g, hidden) {
    printf "\n## Replay\n\nRTL (`mcasim cosim`): %s.\n", cosimulated
    printf "Netlist: every output equal in each of %d cycles.\n", replayed

    hidden = (count["error", "dpu_multiply"] - count["error", "dpu_add"]) / 2 # 3 products; 1 in the last layer
    set_action(SUMS, "conversion added", count["forward", "dpu_add"])
    set_action(SIGMOID, "sigmoid", count["forward", "dpu_sigmoid"])
    set_action(OUTPUT_ERROR, "error element", count["error", "dpu_add"] - hidden)
    set_action(HIDDEN_SUMS, "conversion added", count["backward", "dpu_add"])
    set_action(HIDDEN_ERROR, "error element", hidden)
    set_action(UPDATE, "word of chi in a lane", count["update", "dpu_random"])
    head("Energy by window, without the clock", "window | cycles | pJ a cycle, 180 nm | action | actions" \
         " | pJ each, 180 nm | fJ each, 14 nm", "--- | ---: | ---: | --- | ---: | ---: | ---:")
    for (w = 2; w <= UPDATE; ++w) {
        printf "| %s | %d | %.1f | %s |", window_name[w], cycles[w], fj[w] / cycles[w] / 1000, action[w]
        if (actions[w]) printf " %d | %.1f | %.0f |\n", actions[w], fj[w] / actions[w] / 1000, \
                               fj[w] / actions[w] * energy_scale
        else print " | | |"
    }
    for (g in groups) unit_clock_fj += clock_fj[g]
    printf "\nClock, every cycle, idle or not: %.0f pJ at 180 nm, %.2f pJ at 14 nm.\n", \
           unit_clock_fj / 1000, unit_clock_fj * energy_scale / 1000
}
function set_action(w, name, number) { action[w] = name; actions[w] = number }

function print_modules(    w, i, n, order) {
    head("Energy a cycle by module, pJ at 180 nm", "module | clock | image | sums | sigmoid | output error" \
         " | hidden sums | hidden error | update", "--- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---:")
    n = split("dpu u_registers u_sequencer u_image u_image/u_code u_image/u_list u_vector u_vector/u_sums" \
              " u_vector/u_sigmoid u_vector/u_error u_vector/u_exponent u_vector/u_code u_vector/u_two_phase" \
              " u_vector/gen_bipolar_u_bipolar u_vector/u_codes u_vector/u_errors u_update u_update/u_lane" \
              " u_queue", order, " ")
    for (i = 1; i <= n; ++i) {
        printf "| %s | %.1f |", order[i], clock_fj[order[i]] / 1000
        for (w = 2; w <= UPDATE; ++w) printf " %.1f |", group_fj[w, order[i]] / cycles[w] / 1000
        print ""
    }
}

# scenarios/components/mca-14nm-rtl.yaml. Every window's energy goes to one entry; see README.md.
function print_library(    w, conversions, products, additions, total_fj, lanes, uw) {
    conversions = actions[SUMS] + actions[HIDDEN_SUMS]
    additions = conversions + count["error", "dpu_add"] + count["update", "dpu_add"]
    products = count["update", "dpu_multiply"] + count["error", "dpu_multiply"]
    for (w = 1; w <= UPDATE; ++w) {
        total_fj += fj[w]
        sigmoid_fj += group_fj[w, "u_vector/u_sigmoid"]
    }
    add = (other_fj(SUMS) + other_fj(HIDDEN_SUMS)) / conversions
    sigmoid = (sigmoid_fj + other_fj(SIGMOID)) / actions[SIGMOID]
    # 32 bits with their multiplexers, and 61 exclusive ORs (shifts by 13, 17, 5); each moves every other word
    random = 16 * mean("DFFPOSX1") + 16 * mean("MUX2X1") + 30.5 * (mean("XOR2X1") + mean("XNOR2X1")) / 2
    multiply = (total_fj - add * additions - sigmoid * actions[SIGMOID] - random * actions[UPDATE]) / products
    lanes = all_instances["sigmoid_lane"]
    uw = clock_hz * 1e-15 * 1e6

    head("Component library", "entry | 180 nm | 14 nm", "--- | ---: | ---:")
    print_entry("int_add", "fJ", add, energy_scale)
    print_entry("int_multiply", "fJ", multiply, energy_scale)
    print_entry("sigmoid", "fJ", sigmoid, energy_scale)
    print_entry("register_bit", "fJ; 32 of them, a random word", random, energy_scale)
    print_entry("register_bit", "uW; clock at 1 GHz, all of them", unit_clock_fj * uw, energy_scale)
    print_entry("dpu_lane", "um2", (unit_gates - all_gates["sigmoid_lane"]) / lanes * area["NAND2X1"], area_scale)
    print_entry("sigmoid_unit", "um2", all_gates["sigmoid_lane"] / lanes * area["NAND2X1"], area_scale)
    print_entry("alone: a 32-bit adder", "fJ, random operands", alone_fj["u_adder"], energy_scale)
    print_entry("alone: a 16-bit product", "fJ, random operands", alone_fj["u_product"], energy_scale)
    printf "\nFactors from 180 nm to 14 nm: energy %.6f, delay %.4f, area %.4f.\n", energy_scale, delay_scale, area_scale

    head("What these entries charge in the replay", "operation | charged, nJ at 180 nm | measured | ratio", \
         "--- | ---: | ---: | ---:")
    print_charge("forward", add * actions[SUMS] + sigmoid * actions[SIGMOID], fj[SUMS] + fj[SIGMOID])
    print_charge("error and backward", add * (actions[HIDDEN_SUMS] + count["error", "dpu_add"]) + \
                 multiply * count["error", "dpu_multiply"], fj[OUTPUT_ERROR] + fj[HIDDEN_SUMS] + fj[HIDDEN_ERROR])
    print_charge("update", (add + multiply) * count["update", "dpu_add"] + random * actions[UPDATE], fj[UPDATE])
    print_charge("all, image loading included", add * additions + sigmoid * actions[SIGMOID] + multiply * products + \
                 random * actions[UPDATE], total_fj)
}
# of a window, but for the lanes that have an entry of their own
function other_fj(w) { return fj[w] - group_fj[w, "u_vector/u_error"] - group_fj[w, "u_vector/u_sigmoid"] }
function mean(cell) { return lane_fj[cell] / lane_cells[cell] }
function print_entry(name, unit, old, scale) {
    printf "| %s, %s | %.0f | %s |\n", name, unit, old, sprintf("%.3g", old * scale) + 0
}
function print_charge(name, charged, measured) {
    printf "| %s | %.1f | %.1f | %.2f |\n", name, charged / 1e6, measured / 1e6, charged / measured
}
