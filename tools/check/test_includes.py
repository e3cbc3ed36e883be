import unittest

import includes
import project

PARTS = {
    "base": project.Part("base", 0),
    "model": project.Part("model", 1, ["base"]),
    "store": project.Part("store", 2, ["model"], ["base"]),
}
RULES = includes.load_third_party("boost/ src/http/**  # server\nsys/ system\n"
                                  "fmt/ src/**\ngtest/ src/**/*_test.cpp src/**/testing/**\n")


def problems(path, line, exists=True):
    return list(includes.check_file(path, line + "\n", PARTS, RULES, lambda _: exists))


class Includes(unittest.TestCase):
    def test_accepts_own_part_and_declared_use(self):
        self.assertEqual(problems("src/store/a.cpp", '#include "store/a.h"'), [])
        self.assertEqual(problems("src/store/a.cpp", '#include "model/a.h"'), [])
        self.assertEqual(problems("src/store/a.cpp", '#include "store/internal/a.h"'), [])

    def test_refuses_a_use_that_is_not_declared(self):
        found = problems("src/store/a.cpp", '\n#include "base/result.h"')
        self.assertEqual(len(found), 1)
        self.assertTrue(found[0].startswith("src/store/a.cpp:2:"))

    def test_accepts_a_test_use_in_tests_only(self):
        self.assertEqual(problems("src/store/a_test.cpp", '#include "base/result.h"'), [])
        self.assertEqual(problems("src/store/testing/a.cpp", '#include "base/testing/a.h"'), [])

    def test_refuses_test_support_outside_tests(self):
        self.assertTrue(problems("src/store/a.cpp", '#include "store/testing/fake.h"'))

    def test_refuses_private_and_missing_headers(self):
        self.assertTrue(problems("src/store/a.cpp", '#include "model/internal/a.h"'))
        self.assertTrue(problems("src/store/a.cpp", '#include "store/a.h"', exists=False))
        self.assertTrue(problems("src/store/a.cpp", '#include "a.h"'))
        self.assertTrue(problems("src/store/a.cpp", "#include <model/a.h>"))

    def test_holds_third_party_headers_to_their_places(self):
        self.assertEqual(problems("src/http/a.cpp", "#include <boost/asio.hpp>"), [])
        self.assertTrue(problems("src/store/a.cpp", "#include <boost/asio.hpp>"))
        self.assertTrue(problems("src/store/a.cpp", "#include <unheard_of.h>"))
        self.assertEqual(problems("src/store/a.cpp", "#include <vector>"), [])
        self.assertEqual(problems("src/store/a.h", "#include <sys/stat.h>"), [])
        self.assertEqual(problems("src/store/a_test.cpp", "#include <gtest/gtest.h>"), [])
        self.assertTrue(problems("src/store/a.cpp", "#include <gtest/gtest.h>"))

    def test_keeps_third_party_types_out_of_public_headers(self):
        self.assertTrue(problems("src/store/a.h", "#include <fmt/format.h>"))
        self.assertEqual(problems("src/store/internal/a.h", "#include <fmt/format.h>"), [])
        self.assertEqual(problems("src/base/a.h", "#include <fmt/format.h>"), [])

    def test_refuses_a_use_of_the_same_or_a_higher_level_and_of_no_part(self):
        upward = dict(PARTS, base=project.Part("base", 0, ["model"], ["nowhere"]))
        self.assertEqual(len(list(includes.check_levels(upward))), 2)
        self.assertEqual(list(includes.check_levels(PARTS)), [])


class Declarations(unittest.TestCase):
    def test_reads_level_and_uses(self):
        part, = project.parse_parts("# fansipan_part(not LEVEL 9)\nfansipan_part(store\n LEVEL 2\n"
                                    " USES base model # why\n SOURCES a.cpp\n TEST_USES center)\n")
        self.assertEqual((part.name, part.level, part.uses, part.test_uses),
                         ("store", 2, ["base", "model"], ["center"]))

    def test_globs_cross_folders_only_with_two_stars(self):
        self.assertTrue(project.matches("src/a/b/c.cpp", "src/**"))
        self.assertTrue(project.matches("src/a_test.cpp", "src/**/*_test.cpp"))
        self.assertTrue(project.matches("src/a/testing/b/c.h", "src/**/testing/**"))
        self.assertFalse(project.matches("src/a/b.cpp", "src/*"))


if __name__ == "__main__":
    unittest.main()
