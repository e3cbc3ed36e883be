import tempfile
import unittest
from pathlib import Path

import names


class Names(unittest.TestCase):
    def test_files_are_snake_case(self):
        self.assertEqual(list(names.check_path("src/base/bounded_queue_test.cpp")), [])
        self.assertEqual(list(names.check_path("src/base/README.md")), [])
        self.assertTrue(list(names.check_path("src/base/BoundedQueue.h")))
        self.assertTrue(list(names.check_path("src/base/bounded-queue.h")))
        self.assertEqual(list(names.check_path("web/src/panels/FigureCard.tsx")), [])

    def test_folders_and_files_say_what_lives_there(self):
        self.assertTrue(list(names.check_path("src/common/a.h")))
        self.assertTrue(list(names.check_path("src/base/utils.h")))
        self.assertTrue(list(names.check_path("web/src/helpers/a.ts")))

    def test_types_and_functions_name_the_thing(self):
        def found(text, path="src/base/a.h"):
            return list(names.check_code_names(path, text))

        self.assertTrue(found("class QueueManager {\n};\n"))
        self.assertTrue(found("struct FileInfo;\n"))
        self.assertTrue(found("using Utils = int;\n"))
        self.assertTrue(found("int ParseHelper() {\n}\n"))
        self.assertTrue(found("class EventHandler {};\n"))
        self.assertTrue(found("namespace fansipan::util {\n}\n"))
        self.assertEqual(found("class EventHandler {};\n", "src/http/a.h"), [])
        self.assertEqual(found("class Information {};\n// class Manager\nvoid LogInfo() {}\n"), [])

    def test_notes_to_oneself_are_refused(self):
        self.assertTrue(list(names.check_notes("a.cpp", "x\n// TO" "DO: y")))
        self.assertEqual(list(names.check_notes("a.sh", "mktemp -t a.XXXX" "XX")), [])

    def test_a_part_has_a_short_readme(self):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            self.assertTrue(list(names.check_readme("base", root)))
            readme = root / "src" / "base" / "README.md"
            readme.parent.mkdir(parents=True)
            readme.write_text("line\n" * 40)
            self.assertEqual(list(names.check_readme("base", root)), [])
            readme.write_text("line\n" * 41)
            self.assertTrue(list(names.check_readme("base", root)))


if __name__ == "__main__":
    unittest.main()
