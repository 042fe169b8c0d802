# The liberty file with internal energies of only those pins that match -v pins=REGEX; with -v ones=1
# they are all 1 (pJ). Energies of clear and preset arcs are left out: reset does not move.
/^ *pin *\(/ { pin = $0; sub(/.*\(/, "", pin); sub(/\).*/, "", pin) }
/internal_power *\(/ { inside = 1; asynchronous = 0 }
/^ *timing *\(|^cell/ { inside = 0 }
inside && /related_pin : "[RS]"/ && pin == "Q" { asynchronous = 1 }
inside && /"/ && !/index|related_pin|when/ {
    if (pin !~ pins || asynchronous) gsub(/-?[0-9]+\.?[0-9]*/, "0")
    else if (ones) gsub(/-?[0-9]+\.?[0-9]*/, "1")
}
{ print }
