#!/bin/sh
# Links of the pages lead somewhere: files, headings, and paths of the tree that pages, comments and messages name. docs/README.md
# lists every page.
set -eu
cd "${SOURCE_DIR:?}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
{ git ls-files 2>/dev/null || find . -type f -not -path './build/*' | sed 's|^\./||'; } >"$work/files"
grep -E '\.(md|ipynb)$' "$work/files" >"$work/pages"
status=0
miss() {
    echo "$1"
    status=1
}

# "PAGE ANCHOR" of every heading, as git hosts make it; lines of code are none
while read -r page; do
    awk -v page="$page" '/^```/ { code = !code } !code && /^#+ / { sub(/^#+ /, ""); $0 = tolower($0); gsub(/[^a-z0-9_ -]/, "")
        gsub(/ /, "-"); print page, $0 }' "$page"
done <"$work/pages" >"$work/anchors"

# "PAGE TARGET" of every relative link, those of notebooks too, whose text stands in JSON as it is
while read -r page; do
    grep -oE '\]\([^() ]+\)' "$page" | sed 's/^](//; s/)$//' | grep -vE '^[a-z]+:' | sed "s|^|$page |" || true
done <"$work/pages" >"$work/links"
[ "$(wc -l <"$work/links")" -gt 50 ] || miss 'hardly a link was found'
while read -r page target; do
    path=${target%%#*}
    file=$page
    if [ -n "$path" ]; then
        file=$(realpath -m --relative-to=. "$(dirname "$page")/$path")
        [ -e "$file" ] || miss "$page: nothing is at $target"
    fi
    case $target in *'#'*) grep -qxF "$file ${target#*#}" "$work/anchors" || miss "$page: no heading for $target" ;; esac
done <"$work/links"

# paths that pages, comments and messages name: `model/...`, and docs/... wherever it stands
while read -r page; do
    # shellcheck disable=SC2016 # backquotes of Markdown
    grep -oE '`(model|reports|cli|shim|rtl|scenarios|tests|tools)/[A-Za-z0-9_/.-]+`' "$page" | tr -d '`' | sort -u |
        while read -r path; do
            case $path in *NAME*) path=${path%/*} ;; esac # of a file to be written: its folder
            [ -e "$path" ] || echo "$page: $path is not there"
        done
done <"$work/pages" >"$work/missing"
# not in components/mca-14nm.yaml, whose bytes tell runs that were priced with it: its comment keeps the page's name of before
grep -vE '^(CHANGELOG\.md|scenarios/components/mca-14nm\.yaml|tests/base/test_links\.sh)$' "$work/files" |
    xargs grep -IoE '\bdocs/[A-Za-z0-9_/-]+(\.md)?' 2>/dev/null | sort -u |
    while IFS=: read -r file path; do
        [ -e "$path" ] || echo "$file: $path is not there"
    done >>"$work/missing"
[ ! -s "$work/missing" ] || miss "$(cat "$work/missing")"

# the index
while read -r page; do
    case $page in docs/README.md | docs/reference/rtl/*) continue ;; docs/*) ;; *) continue ;; esac
    grep -qF "(${page#docs/})" docs/README.md || miss "docs/README.md does not list $page"
done <"$work/pages"
exit $status
