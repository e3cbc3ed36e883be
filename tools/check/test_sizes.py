import unittest

import cpp_functions
import project
import sizes


def functions(text):
    return [(f.name, f.line, f.lines, f.parameters) for f in cpp_functions.find_functions(text)]


class CppFunctions(unittest.TestCase):
    def test_finds_functions_of_namespaces_and_classes(self):
        self.assertEqual(functions("namespace a {\nint F(int x,\n      int y) {\n  return x;\n}\n"
                                   "class B : public C {\n public:\n  int G() const { return 1; }\n"
                                   "  void H();\n};\n}\n"),
                         [("F", 2, 4, 2), ("G", 8, 1, 0)])

    def test_reads_constructors_with_braced_members(self):
        self.assertEqual(functions("A::A(int x) : a_{x},\n      b_(1) {\n  F();\n}\nint G() {}\n"),
                         [("A", 1, 4, 1), ("G", 5, 1, 0)])

    def test_reads_trailing_parts_of_a_signature(self):
        text = ("auto F(std::map<int, int> a, std::function<int(int, int)> b) noexcept -> int {\n}\n"
                "template <typename T>\n  requires(sizeof(T) > 1)\nT G(T t) {\n  return t;\n}\n"
                "bool operator()(int a) const { return a > 0; }\n"
                "bool operator<(A a, A b) { return true; }\n")
        self.assertEqual(functions(text), [("F", 1, 2, 2), ("G", 3, 5, 1), ("operator()", 8, 1, 1),
                                           ("operator<", 9, 1, 2)])

    def test_counts_test_bodies(self):
        self.assertEqual(functions("TEST(Suite, Does) {\n  F([] { return 1; });\n}\n"),
                         [("TEST", 1, 3, 2)])

    def test_ignores_values_and_types(self):
        self.assertEqual(functions("constexpr std::array<int, 2> kA = {1, 2};\nint b{3};\n"
                                   "enum class E { kA, kB };\nstruct S { int a = 1; };\n"
                                   "const auto kF = [](int a) { return a; };\n"), [])

    def test_is_not_misled_by_comments_literals_and_macros(self):
        text = ('// }\nvoid F() {\n  G("}{", \'{\', R"(})");  /* { */\n  int n = 1\'000;\n}\n'
                '#define X { \\\n  {\nvoid H() {}\n')
        self.assertEqual(functions(text), [("F", 2, 4, 0), ("H", 8, 1, 0)])

    def test_keeps_line_numbers_in_plain_code(self):
        text = 'a /* x\ny */ b\nR"(1\n2)" c\n#define X \\\n  1\nd'
        self.assertEqual(project.plain_code(text).count("\n"), text.count("\n"))


class Limits(unittest.TestCase):
    def judge(self, size, exceptions=None):
        return list(sizes.judge([size], exceptions or {}))

    def test_refuses_what_exceeds_a_limit(self):
        self.assertEqual(self.judge(sizes.Size("function", "a.cpp:F", 70)), [])
        self.assertTrue(self.judge(sizes.Size("function", "a.cpp:F", 71, 5))[0]
                        .startswith("a.cpp:5:"))
        self.assertTrue(self.judge(sizes.Size("parameters", "a.cpp:F", 7)))
        self.assertTrue(self.judge(sizes.Size("file", "a.ts", 801)))
        self.assertTrue(self.judge(sizes.Size("folder", "src/a", 41)))

    def test_measures_long_functions_in_cpp_and_python(self):
        long_cpp = "void F() {\n" + "  G();\n" * 69 + "}\n"
        self.assertTrue(list(sizes.judge(sizes.measure_file("a.cpp", long_cpp), {})))
        long_python = "def f():\n" + "    g()\n" * 70
        self.assertTrue(list(sizes.judge(sizes.measure_file("a.py", long_python), {})))

    def test_does_not_count_tests_beside_their_sources(self):
        found, = sizes.measure_folders(["src/a/x.h", "src/a/x.cpp", "src/a/x_test.cpp"])
        self.assertEqual(found.value, 2)

    def test_an_exception_allows_its_size_and_no_more(self):
        exceptions = {("function", "a.cpp:F"): 80}
        self.assertEqual(self.judge(sizes.Size("function", "a.cpp:F", 80), exceptions), [])
        self.assertTrue(self.judge(sizes.Size("function", "a.cpp:F", 81), exceptions))

    def test_an_exception_that_is_larger_than_needed_must_shrink_or_go(self):
        exceptions = {("function", "a.cpp:F"): 80}
        self.assertIn("lower to 75", self.judge(sizes.Size("function", "a.cpp:F", 75), exceptions)[0])
        self.assertIn("remove", self.judge(sizes.Size("function", "a.cpp:F", 60), exceptions)[0])
        self.assertIn("remove", list(sizes.judge([], exceptions))[0])

    def test_an_exception_without_reason_is_refused(self):
        exceptions, problems = sizes.load_exceptions("# x\nfunction a.cpp:F 80\nfile b.h 900 why\n")
        self.assertEqual(exceptions, {("file", "b.h"): 900})
        self.assertEqual(len(problems), 1)


if __name__ == "__main__":
    unittest.main()
