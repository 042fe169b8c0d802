# Places of C files where mutation.sh may plant a fault: FILE <tab> LINE <tab> KIND <tab> the line as it becomes.
# Kinds: relation, arithmetic, constant, statement (removed), condition (negated), logic. Comments, strings, preprocessor lines
# and declarations of constants in headers' style stay as they are.

# the line with comments and strings blanked out, so that columns stay
function bare(line,    out, i, two, quote) {
    out = ""
    quote = ""
    for (i = 1; i <= length(line); ++i) {
        two = substr(line, i, 2)
        if (comment) {
            if (two == "*/") { comment = 0; ++i; out = out "  " } else out = out " "
        } else if (quote != "") {
            if (substr(line, i, 1) == "\\") { ++i; out = out "  " } else {
                if (substr(line, i, 1) == quote) quote = ""
                out = out " "
            }
        } else if (two == "/*") { comment = 1; ++i; out = out "  " }
        else if (two == "//") { return out }
        else if (two ~ /^["']/) { quote = substr(line, i, 1); out = out " " }
        else out = out substr(line, i, 1)
    }
    return out
}

function put(kind, at, length_old, new) {
    printf "%s\t%d\t%s\t%s%s%s\n", FILENAME, FNR, kind, substr($0, 1, at - 1), new, substr($0, at + length_old)
}

# Whether an order decides which of the two that it compares is taken, as in x > y ? x : y: where they are equal, either is the same.
function takes_either(head, tail,    second, yes, no) {
    if (!match(tail, / \? /)) return 0
    second = substr(tail, 1, RSTART - 1)
    yes = substr(tail, RSTART + 3)
    if (!match(yes, / : /)) return 0
    no = substr(yes, RSTART + 3)
    yes = substr(yes, 1, RSTART - 1)
    sub(/[;,)].*$/, "", no)
    return (no == second && ends_with(head, yes)) || (yes == second && ends_with(head, no))
}
function ends_with(text, end) {
    return length(text) >= length(end) && substr(text, length(text) - length(end) + 1) == end
}

# every occurrence of an operator with blanks around it
function swap(kind, old, new,    from, at, wanted) {
    wanted = " " old " "
    from = 1
    while ((at = index(substr(code, from), wanted)) > 0) {
        from += at
        if (old !~ /^[<>]=?$/ || !takes_either(substr(code, 1, from - 2), substr(code, from + length(old) + 1))) {
            put(kind, from, length(old), new)
        }
    }
}

function constants(    from, at, token, digits, suffix) {
    from = 1
    while (match(substr(code, from), /[A-Za-z0-9_.]+/)) {
        at = from + RSTART - 1
        token = substr(code, at, RLENGTH)
        from = at + RLENGTH
        if (token ~ /^[0-9]+u?$/) {
            digits = token
            sub(/u$/, "", digits)
            suffix = token ~ /u$/ ? "u" : ""
            put("constant", at, length(token), (digits + 1) suffix)
            if (digits > 0) put("constant", at, length(token), (digits - 1) suffix)
        } else if (token ~ /^[0-9]+\.[0-9]+$/) {
            put("constant", at, length(token), sprintf("%.1f", token + 1))
            put("constant", at, length(token), sprintf("%.1f", token - 1))
        }
    }
}

FNR == 1 { comment = 0; before = ";" }
{
    code = bare($0)
    if (code ~ /^[ \t]*#/ || code ~ /\\$/) { before = ";"; next }
    if (code ~ /^[ \t]*$/) next
    if (code ~ /^ /) { # inside a function, a table or an enumeration
        swap("relation", "<", "<="); swap("relation", "<=", "<"); swap("relation", ">", ">="); swap("relation", ">=", ">")
        swap("relation", "==", "!="); swap("relation", "!=", "==")
        swap("arithmetic", "+", "-"); swap("arithmetic", "-", "+"); swap("arithmetic", "*", "/"); swap("arithmetic", "/", "*")
        swap("arithmetic", "%", "*"); swap("arithmetic", "<<", ">>"); swap("arithmetic", ">>", "<<")
        swap("arithmetic", "+=", "-="); swap("arithmetic", "-=", "+=")
        swap("logic", "&&", "||"); swap("logic", "||", "&&")
        constants()
        if (match(code, /^ *(} else )?if \(.*\) \{$/)) {
            at = index(code, "if (")
            put("condition", at, length(code) - at + 1, "if (!(" substr($0, at + 4, length(code) - at - 6) ")) {")
        }
        if (before ~ /[;{}]$/ && code ~ /^ +[a-z*+-][^{}]*;$/ && code !~ /^ *(return|break|continue|goto|case|default|const|static|struct|enum|union|unsigned|int|uint[0-9]+_t|int[0-9]+_t|double|float|char|size_t|bool|FILE|json_t|[a-z_0-9]+ \*?[a-z_0-9]+( =|;|\[))/) {
            match(code, /[^ ]/)
            put("statement", RSTART, length(code) - RSTART + 1, ";")
        }
    }
    before = code
    sub(/ +$/, "", before)
}
