"""README's first center: the text a reader pastes loads, is served and shows the first sale."""

import os
import re
import shutil
import subprocess
import tempfile
import unittest

import harness

SECTION = re.compile(r"^## A first center of one's own\n(.*?)^## ", re.DOTALL | re.MULTILINE)
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.DOTALL | re.MULTILINE)
PROGRAM = "build/release/src/cli/fansipan"
DATA = "~/mine-data"
ADDRESS = "127.0.0.1:8081"


def blocks():
    """The section's blocks: declare, check and serve, push."""
    with open(os.path.join(harness.ROOT, "README.md"), encoding="utf-8") as readme:
        section = SECTION.search(readme.read())
    return BLOCK.findall(section.group(1)) if section else []


class FirstCenter(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.declare, cls.serve, cls.push = blocks()
        cls.folder = tempfile.mkdtemp(prefix="fansipan-readme-")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        declared = cls.bash(cls.declare)
        if (declared.returncode, declared.stdout + declared.stderr) != (0, ""):
            raise AssertionError(f"the first block failed: {declared}")

    @classmethod
    def bash(cls, text, **places):
        """Runs a block as it stands there, but for the places that are this test's own."""
        for place, mine in {PROGRAM: harness.PROGRAM, **places}.items():
            text = text.replace(place, mine)
        return subprocess.run(["bash", "-euo", "pipefail", "-c", text], cwd=cls.folder, timeout=120,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)

    def start(self):
        server = harness.Server(os.path.join(self.folder, "mine"))
        self.addCleanup(server.remove)
        return server.start().sign_in()

    def test_the_check_finds_no_problem(self):
        check, serve = self.serve.splitlines()
        self.assertEqual(check, f"{PROGRAM} check mine")
        self.assertTrue(serve.startswith(f"{PROGRAM} --data {DATA} serve --center mine "), serve)
        checked = self.bash(check)
        self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)

    def test_the_first_sale_is_on_the_panel(self):
        server = self.start()
        self.assertIn(ADDRESS, self.push)
        pushed = self.bash(self.push, **{DATA: server.data, ADDRESS: f"127.0.0.1:{server.port}"})
        self.assertEqual(pushed.returncode, 0, pushed.stderr)
        panel = server.get("/panels/shop")
        self.assertEqual(panel.status, 200, panel.body)
        [card] = panel.json()["items"]
        self.assertEqual(card["figure"]["indicator"], "turnover")
        # The trend, since midnight may have passed between the sale and the question.
        self.assertIn("12.5", [point["value"] for point in card["trend"]])


if __name__ == "__main__":
    harness.main(FirstCenter)
