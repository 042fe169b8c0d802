#!/bin/sh
# mcasim infer: the chip of a run gives the run's own test, value for value; energy and time are those of the run's tests; bad use is refused.
. "$(dirname "$0")/lib.sh"

write_small_scenario s.yaml
number() { awk -F, -v name="$2" 'NR == 1 { for (i = 1; i <= NF; ++i) column[$i] = i } END { print $column[name] }' "$1/epochs.csv"; }
# the first member NAME after the section SECTION
member() { awk -v section="\"$2\"" -v name="\"$3\":" '$1 == section ":" { on = 1 } on && $1 == name { sub(",", ""); print $2; exit }' "$1/summary.json"; }
equal() { awk "BEGIN { a = $1; b = $2; exit !(a > 0 && a / b > 1 - 1e-12 && a / b < 1 + 1e-12) }" || fail "$3: $1 and $2"; }

# one test alone, at the end, of an odd number of epochs
capture "$MCASIM" run s.yaml --set train.epochs=3 --set train.test_every=3 --set train.validation_images=0 -o run --quiet
[ "$status" -eq 0 ] || fail "run: $(cat "$cli_state/err")"
capture "$MCASIM" infer run -o test
[ "$status" -eq 0 ] || fail "infer: $(cat "$cli_state/err")"
grep -q "tested on" "$cli_state/out" || fail "the summary does not say that it is a test"
grep -q "an image,$" "$cli_state/out" || fail "the verdict is not of an image"
grep -q "^Writes" "$cli_state/out" && fail "a test tells of pulses"
[ -s "$cli_state/err" ] && fail "a test is told what only training needs: $(cat "$cli_state/err")"
[ "$(number run test_accuracy)" = "$(number test test_accuracy)" ] || fail "accuracy $(number test test_accuracy), the run's is $(number run test_accuracy)"
cmp -s run/confusion.csv test/confusion.csv || fail "other classes than the run's last test"
equal "$(member run energy_other_j test)" "$(member test energy_j total)" "energy of the test"
equal "$(member run latency_other_s test)" "$(member test latency_s total)" "time of the test"
for key in latency_s s_per_image images_per_s j_per_image; do
    equal "$(member run inference $key)" "$(member test inference $key)" "inference.$key"
done
equal "$(member test inference s_per_image)" "$(member test latency_s per_image)" "an image's time"
for file in run/weights/*; do
    cmp -s "$file" "test/weights/$(basename "$file")" || fail "$file changed"
done

# rows add up to the images, the diagonal to those that were right
awk -F, -v accuracy="$(number test test_accuracy)" -v images="$(number test images)" '
    NR > 1 { sum = 0; for (i = 5; i <= NF; ++i) sum += $i; bad += sum != $2; all += sum; right += $(NR + 3) }
    END { exit !(!bad && all == images && right / all > accuracy - 1e-12 && right / all < accuracy + 1e-12) }' test/confusion.csv ||
    fail "confusion.csv does not add up"

# any number of threads; again, from the test itself; what a run has all commands take
capture "$MCASIM" infer run -o threads --threads 1 --quiet
capture "$MCASIM" infer test -o again --threads 2 --quiet
for file in ledger.json confusion.csv epochs.csv energy.csv; do
    cmp -s "test/$file" "threads/$file" || fail "$file depends on threads"
    cmp -s "test/$file" "again/$file" || fail "$file: a test of a test is another one"
done
# from as long a path as one can be given
capture "$MCASIM" infer "$(printf './%.0s' $(seq 2030))run" -o far --quiet
[ "$status" -eq 0 ] && cmp -s test/ledger.json far/ledger.json || fail "a long path: $(cat "$cli_state/err")"
capture "$MCASIM" explain test energy_j.per_image
[ "$status" -eq 0 ] || fail "explain: $(cat "$cli_state/err")"
capture "$MCASIM" report test
[ "$status" -eq 0 ] && grep -q '"classes"' test/report.html || fail "report: $(cat "$cli_state/err")"
capture "$MCASIM" compare run test
[ "$status" -eq 0 ] || fail "compare: $(cat "$cli_state/err")"
capture "$MCASIM" price test --library mca-14nm -o priced --quiet
[ "$status" -eq 0 ] && cmp -s test/confusion.csv priced/confusion.csv || fail "price: $(cat "$cli_state/err")"

# validation images take tests of their own; full scales are those that training found
cat >conv.yaml <<END2
network: {layers: [conv2d: {filters: 4, kernel: 5, activation: relu}, max_pool: {kernel: 4}, dense: {units: 10, activation: identity, adc_forward_range: 0.5}]}
train: {epochs: 2, images: 60, validation_images: 20, test_every: 2, loss: softmax}
dataset: {name: synthetic-digits, synthetic_train: 100, synthetic_test: 50}
END2
capture "$MCASIM" run conv.yaml -o conv --quiet
[ "$status" -eq 0 ] || fail "run conv: $(cat "$cli_state/err")"
capture "$MCASIM" infer conv -o conv-test --quiet
[ "$status" -eq 0 ] || fail "infer conv: $(cat "$cli_state/err")"
for key in test_accuracy validation_accuracy; do
    [ "$(number conv $key)" = "$(number conv-test $key)" ] || fail "conv $key: $(number conv-test $key), the run's is $(number conv $key)"
done
grep -q 'adc_forward_range: 0.5' conv-test/scenario.yaml || fail 'a full scale that was given is found anew'
cmp -s conv/confusion.csv conv-test/confusion.csv || fail "conv: other classes than the run's last test"

# other noise, a scenario with weights of a run, all layers frozen
capture "$MCASIM" infer run -o other --set train.first_test=77 --quiet
cmp -s test/ledger.json other/ledger.json && fail "the number of the test changes nothing"
capture "$MCASIM" infer s.yaml --weights run/weights --set train.validation_images=0 --set train.first_test=0 -o given --quiet
[ "$status" -eq 0 ] && cmp -s test/confusion.csv given/confusion.csv || fail "a scenario with weights: $(cat "$cli_state/err")"
capture "$MCASIM" run conv.yaml --set train.epochs=0 -o frozen --quiet \
    --set 'network.layers=[conv2d: {filters: 4, kernel: 5, frozen: true}, max_pool: {kernel: 4}, dense: {units: 10, frozen: true, activation: identity}]'
[ "$status" -eq 0 ] || fail "frozen: $(cat "$cli_state/err")"

refuses 2 "mcasim infer: a run's directory or scenario file is needed; see *" "$MCASIM" infer
refuses 2 "mcasim infer: s.yaml is a scenario, not a run's directory: --weights is needed; see *" "$MCASIM" infer s.yaml
refuses 2 "mcasim infer: --set train.epochs=3: nothing is trained; see *" "$MCASIM" infer run --set train.epochs=3
refuses 3 "run/weights/scenario.yaml: No such file or directory" "$MCASIM" infer run/weights -o x
refuses 2 "test holds a finished run; *" "$MCASIM" infer run -o test
cp -r run bad && sed 's/"confusion": \[/"confusion": [0,/' run/ledger.json >bad/ledger.json && seal bad
refuses 2 "bad/ledger.json: confusion: expected a number of images for every two outputs" "$MCASIM" infer bad -o x
sed 's/"confusion": \[/"confusion": [-1,/' run/ledger.json | sed '/"confusion"/{n;d}' >bad/ledger.json && seal bad
refuses 2 "bad/ledger.json: confusion: expected a number of images for every two outputs" "$MCASIM" infer bad -o x
finish
