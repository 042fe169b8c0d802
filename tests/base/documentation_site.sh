#!/bin/sh
# tools/site: every page of docs/ is on the site, in its navigation, and every link to a place of the site leads to one; a dead link
# ends it. Notebooks are pages like others here; tests/python/notebooks.sh has them executed.
set -eu
. "$SOURCE_DIR/tests/need.sh"
need mkdocs "Debian's packages mkdocs and mkdocs-material"
need jupyter-nbconvert "tools/setup --tests"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

tree=$work/tree # as git knows it, without builds
mkdir "$tree"
(cd "$SOURCE_DIR" && git ls-files -z | xargs -0 cp --parents -t "$tree")
"$tree/tools/site" --plain "$work/site" >"$work/log" 2>&1 || { echo "FAIL: $(cat "$work/log")"; exit 1; }
find "$tree/docs" -name '*.md' -o -name '*.ipynb' | sed "s,$tree/,,; s,README\.md$,index.md,; s,\.md$,.html,; s,\.ipynb$,.html," | while read -r page; do
    [ -f "$work/site/$page" ] || { echo "FAIL: $page is not on the site"; exit 1; }
    case $page in
    docs/guide/* | docs/reference/* | docs/design/*) grep -q "href=\"$page\"" "$work/site/index.html" || { echo "FAIL: no way leads to $page"; exit 1; } ;;
    esac
done
python3 - "$work/site" <<'END'
import html.parser, pathlib, sys, urllib.parse
site = pathlib.Path(sys.argv[1])
class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.links, self.places = [], set()
    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name in ("id", "name"):
                self.places.add(value)
            elif name in ("href", "src") and value is not None:
                self.links.append(value)
pages = {}
for path in site.rglob("*.html"):
    pages[path] = Page()
    pages[path].feed(path.read_text())
dead = 0
for path, page in pages.items():
    if path.name == "404.html":  # its links count from the root of a server
        continue
    for link in page.links:
        to = urllib.parse.urlsplit(link)
        if to.scheme or to.netloc:
            continue
        target = (path.parent / urllib.parse.unquote(to.path)).resolve() if to.path else path
        if target.is_dir():
            target /= "index.html"
        place = urllib.parse.unquote(to.fragment)
        if not target.exists() or (place and target in pages and place not in pages[target].places):
            print(f"FAIL: {path.relative_to(site)}: {link}")
            dead += 1
print(f"{len(pages)} pages, {sum(len(p.links) for p in pages.values())} links, {dead} dead")
sys.exit(dead > 0)
END
echo '[nothing](nowhere.md)' >>"$tree/docs/guide/levers.md"
! "$tree/tools/site" --plain "$work/site" >"$work/log" 2>&1 || { echo "FAIL: a dead link passes"; exit 1; }
grep -q '^docs/guide/levers.md: nowhere.md leads nowhere$' "$work/log" || { echo "FAIL: $(cat "$work/log")"; exit 1; }
