import os
import tempfile
import unittest

import connector

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(connector.__file__))))


class Entered(unittest.TestCase):
    def test_a_line_is_put_beside_the_one_that_is_known(self):
        self.assertEqual(connector.entered("a\n  b c\n", "b", "<", "x\n"), "a\nx\n  b c\n")
        self.assertEqual(connector.entered("a\n  b c\n", "b", ">", "x\n"), "a\n  b c\nx\n")

    def test_an_unknown_or_ambiguous_place_is_refused(self):
        for text in ("a\n", "b\nb\n"):
            with self.assertRaises(ValueError):
                connector.entered(text, "b", "<", "x\n")


class Make(unittest.TestCase):
    def test_every_list_of_this_tree_takes_an_entry(self):
        files = connector.make(ROOT, "queue_feed")
        self.assertEqual(len(files), len(connector.FILES) + len({e[0] for e in connector.ENTRIES}))
        for path, text in files.items():
            self.assertIn("queue_feed", path + text)
            self.assertNotIn("@name@", text)
            self.assertNotIn("@Name@", text)
        self.assertIn("struct QueueFeed {", files["src/center/connectors/queue_feed.h"])

    def test_a_name_that_is_none_or_taken_is_refused(self):
        for name in ("", "Queue", "../queue", "queue__feed", "queue_", "http_pull"):
            with self.assertRaises(ValueError):
                connector.make(ROOT, name)

    def test_nothing_is_written_when_a_list_is_not_known(self):
        with tempfile.TemporaryDirectory() as folder:
            with self.assertRaises((ValueError, FileNotFoundError)):
                connector.make(folder, "queue_feed")
            self.assertEqual(os.listdir(folder), [])


if __name__ == "__main__":
    unittest.main()
