# For tests of mcasim-sc: the same directory as mcasim run.
# shellcheck shell=sh
. "$(dirname "$0")/../cli/lib.sh"
program=$BUILD_DIR/bin/mcasim-sc

# the whole summary, what depends on the machine's clock left out
facts() {
    # checksums follow: mcasim-sc has no timeline.json, and its chip.json no use of converters
    sed -e '/"runtime": {/,$d' -e '/"commit":/d' "$1/summary.json"
}

same() { # SCENARIO ARGUMENTS for both; $units, $images
    scenario=$1
    shift
    sets=""
    for setting; do sets="$sets --set $setting"; done
    # shellcheck disable=SC2086  # settings are words
    "$MCASIM" run "$scenario" -o c --force --quiet --set train.test_images=200 $sets \
        --set train.images="$images" --set train.epochs=1 || fail "run $*"
    for unit in $units; do
        # shellcheck disable=SC2086
        "$program" "$scenario" -o sc --force --quiet --set train.test_images=200 $sets --images "$images" --dpu "$unit" ||
            fail "mcasim-sc --dpu $unit $*"
        facts c >c.txt
        facts sc >sc.txt
        cmp c.txt sc.txt || fail "--dpu $unit $*: summary differs: $(diff c.txt sc.txt | head -5)"
        for file in scenario.yaml epochs.csv energy.csv ledger.json $(cd c && find weights -type f); do
            cmp "c/$file" "sc/$file" || fail "--dpu $unit $*: $file differs"
        done
    done
    rm -rf c sc
}
