import unittest

import places


class Places(unittest.TestCase):
    def test_refuses_paths_of_one_machine(self):
        for text in ("see /home/" "anna/x", "cd /root/" "x", '"/Users/' 'anna/x"'):
            self.assertTrue(list(places.check_text("a.md", text)), text)

    def test_refuses_registries_in_lock_files(self):
        self.assertTrue(list(places.check_text("a.json", '"resolved": "https://example.org/a.tgz"')))

    def test_accepts_paths_inside_the_project_and_of_the_system(self):
        for text in ("src/work/a.h", "/usr/share/a", "https://example.org/home/a", "./root/a"):
            self.assertEqual(list(places.check_text("a.md", text)), [], text)


if __name__ == "__main__":
    unittest.main()
