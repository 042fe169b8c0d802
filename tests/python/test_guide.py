"""docs/guide/python.md does what it says: its code is run block by block, and prints what stands behind it."""

import contextlib
import doctest
import io
import os
import re
import sys
import tempfile
import unittest


def blocks(text):
    """The language and the code of each block."""
    return re.findall(r"^```(\w+)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


class Guide(unittest.TestCase):
    def test_code(self):
        with open(os.path.join(os.environ["SOURCE_DIR"], "docs/guide/python.md"), encoding="utf-8") as file:
            found = blocks(file.read())
        code = [text for language, text in found if language == "python"]
        self.assertEqual(len(code), 10)
        space = {"__name__": "guide"}
        runner = doctest.DocTestRunner(verbose=False, optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
        home = os.getcwd()
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            try:
                for number, text in enumerate(code):
                    if ">>>" in text:
                        test = doctest.DocTestParser().get_doctest(text, space, f"block {number}", "python.md", 0)
                        told = io.StringIO()
                        runner.run(test, out=told.write, clear_globs=False)
                        space = test.globs
                        self.assertEqual(told.getvalue(), "")
                    else:
                        exec(compile(text, f"block {number}", "exec"), space)
            finally:
                os.chdir(home)
        self.assertGreater(runner.tries, 10)

    def test_docstrings(self):
        """Examples of docstrings run, too."""
        import mcasim
        from mcasim import chip, program, scenario, tensorboard

        with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
            for module, examples in ((scenario, 3), (chip, 3), (program, 2), (tensorboard, 1)):
                done = doctest.testmod(module, extraglobs={"load_data": mcasim.load_data}, verbose=False)
                self.assertEqual(done.failed, 0, module.__name__)
                self.assertGreaterEqual(done.attempted, examples, module.__name__)


if __name__ == "__main__":
    unittest.main()
