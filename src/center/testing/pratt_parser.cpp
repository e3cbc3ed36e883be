#include "center/testing/pratt_parser.h"

#include <cctype>
#include <charconv>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time_zone.h"

namespace fansipan::center::testing {
namespace {

using model::Expression;
using model::Operator;

constexpr int kMaxDepth = 200;
constexpr int kCompareStrength = 4;

struct Token {
  enum class Kind { kEnd, kNumber, kText, kWord, kSymbol, kBad };
  Kind kind = Kind::kEnd;
  std::string text;
  std::size_t offset = 0;
};

bool IsWordStart(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool IsWordPart(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Token Next() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
    Token token{Token::Kind::kEnd, "", at_};
    if (at_ == text_.size()) return token;
    if (text_[at_] == '\'') return Text(std::move(token));
    if (IsWordStart(text_[at_])) {
      token.kind = Token::Kind::kWord;
      while (at_ < text_.size() && (IsWordPart(text_[at_]) || IsDotInName())) {
        token.text += Lower(text_[at_++]);
      }
    } else if (IsDigit(text_[at_])) {
      token.kind = Token::Kind::kNumber;
      while (at_ < text_.size() && (IsDigit(text_[at_]) || text_[at_] == '.')) {
        token.text += text_[at_++];
      }
    } else {
      Symbol(token);
    }
    return token;
  }

 private:
  static char Lower(char c) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }

  bool IsDotInName() const {
    return text_[at_] == '.' && at_ + 1 < text_.size() && IsWordStart(text_[at_ + 1]);
  }

  Token Text(Token token) {
    token.kind = Token::Kind::kText;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\'' && text_.substr(at_ + 1, 1) != "'") {
        ++at_;
        return token;
      }
      if (text_[at_] == '\'') ++at_;
      token.text += text_[at_];
    }
    token.kind = Token::Kind::kBad;
    return token;
  }

  void Symbol(Token& token) {
    token.kind = Token::Kind::kSymbol;
    for (const std::string_view symbol : {"<=", ">=", "<>", "!="}) {
      if (!text_.substr(at_).starts_with(symbol)) continue;
      token.text = symbol == "!=" ? "<>" : symbol;
      at_ += symbol.size();
      return;
    }
    const char c = text_[at_++];
    token.text = std::string(1, c);
    if (std::string_view("=<>+-*/(),").find(c) == std::string_view::npos) {
      token.kind = Token::Kind::kBad;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

struct Infix {
  std::string_view symbol;
  Operator operation;
  int strength;
};

constexpr Infix kInfixes[] = {{"or", Operator::kOr, 1},      {"and", Operator::kAnd, 2},
                              {"=", Operator::kEqual, 4},    {"<>", Operator::kNotEqual, 4},
                              {"<", Operator::kLess, 4},     {"<=", Operator::kLessOrEqual, 4},
                              {">", Operator::kGreater, 4},  {">=", Operator::kGreaterOrEqual, 4},
                              {"+", Operator::kAdd, 5},      {"-", Operator::kSubtract, 5},
                              {"*", Operator::kMultiply, 6}, {"/", Operator::kDivide, 6}};

using Parsed = base::Result<Expression>;

class Parser {
 public:
  explicit Parser(std::string_view text) : lexer_(text) { Advance(); }

  Parsed ParseWhole() {
    Parsed whole = ParseAbove(0);
    if (whole.ok() && token_.kind != Token::Kind::kEnd) return Fail();
    return whole;
  }

 private:
  void Advance() { token_ = lexer_.Next(); }

  bool Is(std::string_view text) const {
    const bool names = token_.kind == Token::Kind::kWord || token_.kind == Token::Kind::kSymbol;
    return names && token_.text == text;
  }

  bool Take(std::string_view text) {
    if (!Is(text)) return false;
    Advance();
    return true;
  }

  base::Error Fail() const {
    return {base::ErrorCode::kInvalidArgument, "",
            "unexpected '" + token_.text + "' at character " + std::to_string(token_.offset + 1)};
  }

  static Expression Operation(Operator operation, std::vector<Expression> operands,
                              std::size_t offset) {
    Expression made;
    made.kind = Expression::Kind::kOperation;
    made.operation = operation;
    made.operands = std::move(operands);
    made.offset = offset;
    return made;
  }

  Parsed ParseAbove(int strength) {
    if (++depth_ > kMaxDepth) return Fail();
    Parsed left = ParsePrefix();
    while (left.ok()) {
      const std::optional<Parsed> more = ParseInfix(*left, strength);
      if (!more) break;
      left = *more;
    }
    --depth_;
    return left;
  }

  // Nothing when no operator stronger than `strength` follows.
  std::optional<Parsed> ParseInfix(const Expression& left, int strength) {
    if (strength < kCompareStrength && (Is("is") || Is("in") || Is("not") || Is("between"))) {
      return ParseTest(left);
    }
    for (const Infix& infix : kInfixes) {
      if (!Is(infix.symbol) || infix.strength <= strength) continue;
      Advance();
      Parsed right = ParseAbove(infix.strength);
      if (!right.ok()) return right;
      return Parsed(Operation(infix.operation, {left, *right}, left.offset));
    }
    return std::nullopt;
  }

  Parsed ParseTest(const Expression& left) {
    if (Take("is")) {
      const bool negated = Take("not");
      if (!Take("null")) return Fail();
      return Operation(negated ? Operator::kIsNotNull : Operator::kIsNull, {left}, left.offset);
    }
    const bool negated = Take("not");
    if (Take("between")) return ParseBetween(left);
    if (!Take("in") || !Take("(")) return Fail();
    std::vector<Expression> operands = {left};
    if (const base::Status list = ParseList(operands); !list.ok()) return list.error();
    return Operation(negated ? Operator::kNotIn : Operator::kIn, std::move(operands), left.offset);
  }

  Parsed ParseBetween(const Expression& left) {
    Parsed low = ParseAbove(kCompareStrength);
    if (!low.ok()) return low;
    if (!Take("and")) return Fail();
    Parsed high = ParseAbove(kCompareStrength);
    if (!high.ok()) return high;
    return Operation(Operator::kAnd,
                     {Operation(Operator::kGreaterOrEqual, {left, *low}, left.offset),
                      Operation(Operator::kLessOrEqual, {left, *high}, left.offset)},
                     left.offset);
  }

  // Up to and with the closing parenthesis.
  base::Status ParseList(std::vector<Expression>& operands) {
    if (Take(")")) return {};
    while (true) {
      Parsed operand = ParseAbove(0);
      if (!operand.ok()) return operand.error();
      operands.push_back(*std::move(operand));
      if (Take(")")) return {};
      if (!Take(",")) return Fail();
    }
  }

  Parsed ParsePrefix() {
    const Token token = token_;
    if (token.kind == Token::Kind::kEnd || token.kind == Token::Kind::kBad) return Fail();
    Advance();
    if (token.kind == Token::Kind::kNumber) return Number(token);
    if (token.kind == Token::Kind::kText) return Literal(token.text, token.offset);
    if (token.kind == Token::Kind::kWord) return ParseWord(token);
    if (token.text == "(") {
      Parsed inside = ParseAbove(0);
      if (inside.ok() && !Take(")")) return Fail();
      return inside;
    }
    if (token.text != "-") return Fail();
    Parsed operand = ParseAbove(6);
    if (!operand.ok()) return operand;
    return Operation(Operator::kNegate, {*std::move(operand)}, token.offset);
  }

  static Expression Literal(model::Value value, std::size_t offset) {
    Expression made;
    made.literal = std::move(value);
    made.offset = offset;
    return made;
  }

  Parsed Number(const Token& token) const {
    std::int64_t integer = 0;
    const char* end = token.text.data() + token.text.size();
    const auto [stop, error] = std::from_chars(token.text.data(), end, integer);
    if (error == std::errc() && stop == end) return Literal(integer, token.offset);
    const auto decimal = model::Decimal::Parse(token.text);
    if (!decimal) return Fail();
    return Literal(*decimal, token.offset);
  }

  Parsed ParseWord(const Token& word) {
    if (word.text == "true" || word.text == "false") {
      return Literal(word.text == "true", word.offset);
    }
    if (word.text == "null") return Literal(std::monostate(), word.offset);
    if (word.text == "not") {
      Parsed operand = ParseAbove(3);
      if (!operand.ok()) return operand;
      return Operation(Operator::kNot, {*std::move(operand)}, word.offset);
    }
    const bool typed = word.text == "date" || word.text == "timestamp";
    if (typed && token_.kind == Token::Kind::kText) return ParseTyped(word);
    Expression made;
    made.name = word.text;
    made.offset = word.offset;
    made.kind = Expression::Kind::kName;
    if (!Take("(")) return made;
    made.kind = Expression::Kind::kCall;
    if (const base::Status list = ParseList(made.operands); !list.ok()) return list.error();
    return made;
  }

  Parsed ParseTyped(const Token& word) {
    const auto type =
        word.text == "date" ? model::ColumnType::kDate : model::ColumnType::kTimestamp;
    const auto value = model::ParseValue(token_.text, type, 0, base::TimeZone::Utc());
    if (!value.ok()) return value.error();
    Advance();
    return Literal(*value, word.offset);
  }

  Lexer lexer_;
  Token token_;
  int depth_ = 0;
};

}  // namespace

base::Result<model::Expression> PrattParser::Parse(std::string_view text) const {
  return Parser(text).ParseWhole();
}

}  // namespace fansipan::center::testing
