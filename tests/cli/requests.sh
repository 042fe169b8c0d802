#!/bin/sh
# Misspelt and vague requests: each is answered with what was meant, at the top of the answer.
. "$(dirname "$0")/lib.sh"

write_tiny_scenario mine.yaml
capture "$MCASIM" run mine.yaml -o run --quiet
[ "$status" -eq 0 ] || fail "run: $(cat "$cli_state/err")"

# exit status, request, what its answer says; answers of status 2 and 3 are one line
cat >requests <<'END'
2|explian run|did you mean mcasim explain;
2|comapre run run|did you mean mcasim compare;
2|vali|did you mean mcasim validate;
2|train mnist-mca|did you mean mcasim run;
2|diff run run|did you mean mcasim compare;
2|mnist-mca|did you mean mcasim run mnist-mca;
2|mine.yaml|did you mean mcasim run mine.yaml;
2|chi.bits|did you mean mcasim keys chi.bits;
2|help swep|did you mean mcasim sweep;
0|help components|Usage: mcasim components [FILE [WORD]]
2|run mnist-mca --trheads 2|unknown option --trheads; did you mean --threads;
2|run mnist-mca --epochs 3|did you mean the key train.epochs (--set KEY=VALUE);
2|run mnist-mca --batch_size=8|did you mean the key train.batch (--set
2|run mnist-mca --workers 2|did you mean --threads;
2|run mnist-mca chi.bits=12|unexpected argument 'chi.bits=12'; did you mean --set chi.bits=12;
2|run mine.yaml other.yaml|unexpected argument 'other.yaml'; only one scenario is allowed;
2|run|a name of 'mcasim scenarios'
3|run mnist-mac|did you mean mnist-mca?
3|check LeNet_minst|did you mean lenet-mnist?
3|check min.yaml|did you mean mine.yaml?
3|infer /nonexistent|cannot open /nonexistent: No such file or directory
2|infer mnist-mca|mnist-mca is a scenario, not a run's directory: --weights is needed
3|sweep tilesize -n|did you mean tile-size?
3|optimise smallspace -n|did you mean small-space?
3|components hermes|did you mean hermes-14nm?
3|check mine.yaml --set cost.library=mca14|did you mean mca-14nm or mca-14nm-rtl?
3|price run --library isac-32nm|did you mean isaac-32nm?
2|check mine.yaml --set tilerows=128|did you mean tile.rows?
2|check mine.yaml --set rows=128|did you mean tile.rows?
2|check mine.yaml --set training.epochs=2|did you mean train.epochs?
2|check mine.yaml --set optimizer.lr=0.1|did you mean train.learning_rate?
2|check mine.yaml --set adc.resolution=6|did you mean adc.bits?
2|check mine.yaml --set kernel=3|did you mean network.layers.LAYER.kernel?
2|check mine.yaml --set network.layers=784,250,10|write [784,250,10], each 1..1000000
2|check mine.yaml --set adc.forward_range=16|write [16], each >1e-06..1000000
2|check mine.yaml --set device.model=pcm|did you mean pcm-jap18?
2|check mine.yaml --set train.shuffle=yes|did you mean true?
0|check mine.yaml --set train.shuffle=FALSE|shuffle: false
2|explain run energy.total|did you mean energy_j.total;
2|explain run adc_conversion|did you mean energy_j.by_component.adc_conversion
2|explain run adc_conversoin|did you mean energy_j.by_component.adc_conversion
2|explain run power_static|without KEY all are listed
0|keys adc resolution|adc.bits
0|keys how many pulses until a device dies|device.endurance_pulses
0|keys lr|train.learning_rate
0|keys drift of conductance|device.drift_law
0|keys converters per column|adc.share
0|keys technology|cost.library
2|keys lerning rate|did you mean train.learning_rate;
2|keys frequency of digital unit clok|did you mean dpu.clock_hz
2|keys flip training and test images randomly|did you mean train.augment_flip
0|scenarios cifar|vgg8-cifar10
0|scenarios energy study|frontiers2020
2|scenarios lenet-minst|did you mean lenet-mnist;
END
[ "$(wc -l <requests)" -ge 40 ] || fail "few requests"
while IFS='|' read -r wanted_status request answer; do
    # shellcheck disable=SC2086 # a request is words
    capture "$MCASIM" $request
    [ "$status" -eq "$wanted_status" ] || fail "$request: exit status $status, expected $wanted_status"
    case $status in
    0) top=$(head -n 8 "$cli_state/out") ;; # check prints sections: the whole
    *) top=$(cat "$cli_state/err") ;;
    esac
    case $request in check*) [ "$status" -ne 0 ] || top=$(cat "$cli_state/out") ;; esac
    echo "$top" | grep -qF "$answer" || fail "$request: '$top', expected '$answer'"
    [ "$status" -eq 0 ] || [ "$(wc -l <"$cli_state/err")" -eq 1 ] || fail "$request: not one line: $(cat "$cli_state/err")"
done <requests
finish
