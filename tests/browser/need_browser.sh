# shellcheck shell=sh
# CHROMIUM: the browser that pages are opened in, the user's own choice before those of Debian.
. "$SOURCE_DIR/tests/need.sh"
if [ -z "${CHROMIUM:-}" ]; then
    CHROMIUM=$(command -v chromium || command -v chromium-headless-shell) ||
        not_run "no chromium; tools/setup --full installs chromium-headless-shell"
fi
export CHROMIUM
need node "tools/setup --full installs nodejs"
