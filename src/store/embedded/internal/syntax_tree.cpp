#include "store/embedded/internal/syntax_tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time_zone.h"
#include "model/value.h"
#include "store/embedded/duckdb_expression_parser.h"

namespace fansipan::store::internal {
namespace {

using Json = nlohmann::json;
using model::Expression;
using model::Operator;
using ExpressionResult = base::Result<Expression>;

constexpr std::uint64_t kNoLocation = std::numeric_limits<std::uint64_t>::max();

std::string TextOf(const Json& node, const char* member) {
  const auto found = node.find(member);
  return found != node.end() && found->is_string() ? found->get<std::string>() : "";
}

std::string LowerAscii(std::string_view text) {
  std::string lower(text);
  for (char& letter : lower) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return lower;
}

bool IsEmptyOrNull(const Json& node, const char* member) {
  const auto found = node.find(member);
  return found == node.end() || found->is_null() || found->empty();
}

/// Walks the children of one tree, keeping the declared text for messages.
class TreeReader {
 public:
  TreeReader(std::string_view text, std::size_t prefix) : text_(text), prefix_(prefix) {}

  ExpressionResult Read(const Json& node, std::size_t depth) {
    const std::size_t offset = OffsetOf(node);
    if (depth > DuckDbExpressionParser::kMaxDepth) {
      return ErrorAt(text_, offset,
                     fmt::format("the expression is nested deeper than {} levels",
                                 DuckDbExpressionParser::kMaxDepth));
    }
    if (!TextOf(node, "alias").empty()) {
      return ErrorAt(text_, offset, "a name given to a value is not allowed here");
    }
    const std::string kind = TextOf(node, "class");
    if (kind == "CONSTANT") return ReadConstant(node, offset);
    if (kind == "COLUMN_REF") return ReadName(node, offset);
    if (kind == "CAST") return ReadTypedLiteral(node, offset);
    if (kind == "COMPARISON") return ReadComparison(node, offset, depth);
    if (kind == "CONJUNCTION") return ReadConjunction(node, offset, depth);
    if (kind == "BETWEEN") return ReadBetween(node, offset, depth);
    if (kind == "OPERATOR") return ReadOperator(node, offset, depth);
    if (kind == "FUNCTION") return ReadFunction(node, offset, depth);
    return ErrorAt(text_, offset, fmt::format("{} is not allowed in an expression", NameOf(kind)));
  }

 private:
  static std::string NameOf(const std::string& kind) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kNames = {
        {{"SUBQUERY", "a subquery"},
         {"WINDOW", "a window function"},
         {"STAR", "a star (*)"},
         {"PARAMETER", "a parameter"},
         {"CASE", "CASE"},
         {"LAMBDA", "a lambda (->)"},
         {"COLLATE", "COLLATE"}}};
    for (const auto& [known, name] : kNames) {
      if (known == kind) return std::string(name);
    }
    return kind.empty() ? "this construct" : kind;
  }

  std::size_t OffsetOf(const Json& node) const {
    const auto found = node.find("query_location");
    if (found == node.end() || !found->is_number_unsigned()) return 0;
    const auto location = found->get<std::uint64_t>();
    if (location == kNoLocation || location < prefix_) return 0;
    return std::min(static_cast<std::size_t>(location) - prefix_, text_.size());
  }

  static Expression Literal(model::Value value, std::size_t offset) {
    Expression literal;
    literal.kind = Expression::Kind::kLiteral;
    literal.literal = std::move(value);
    literal.offset = offset;
    return literal;
  }

  static Expression Operation(Operator operation, std::vector<Expression> operands,
                              std::size_t offset) {
    Expression expression;
    expression.kind = Expression::Kind::kOperation;
    expression.operation = operation;
    expression.operands = std::move(operands);
    expression.offset = offset;
    return expression;
  }

  base::Result<std::vector<Expression>> ReadAll(const Json& nodes, std::size_t depth) {
    std::vector<Expression> expressions;
    if (!nodes.is_array()) return expressions;
    for (const Json& node : nodes) {
      FANSIPAN_ASSIGN_OR_RETURN(Expression expression, Read(node, depth + 1));
      expressions.push_back(std::move(expression));
    }
    return expressions;
  }

  ExpressionResult ReadName(const Json& node, std::size_t offset) {
    const auto names = node.find("column_names");
    const bool one_or_two = names != node.end() && (names->size() == 1 || names->size() == 2);
    if (!one_or_two || !names->front().is_string() || !names->back().is_string()) {
      return ErrorAt(text_, offset,
                     "write a column by its name alone, or what a clock says as clock.due");
    }
    Expression name;
    name.kind = Expression::Kind::kName;
    name.name = names->front().get<std::string>();
    if (names->size() == 2) name.name += "." + names->back().get<std::string>();
    name.offset = offset;
    return name;
  }

  /// A whole number is a JSON number, or {"upper":, "lower":} when it has more than 64 bits.
  static std::optional<model::Int128> WholeNumber(const Json& value) {
    if (value.is_number_unsigned()) {
      return static_cast<model::Int128>(value.get<std::uint64_t>());
    }
    if (value.is_number_integer()) return static_cast<model::Int128>(value.get<std::int64_t>());
    if (!value.is_object() || !value.contains("upper") || !value.contains("lower") ||
        !value["upper"].is_number_integer() || !value["lower"].is_number_unsigned()) {
      return std::nullopt;
    }
    if (value["upper"].is_number_unsigned() &&
        value["upper"].get<std::uint64_t>() >
            static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
      return std::nullopt;
    }
    return static_cast<model::Int128>(value["upper"].get<std::int64_t>()) *
               (static_cast<model::Int128>(1) << 64) +
           value["lower"].get<std::uint64_t>();
  }

  ExpressionResult ReadConstant(const Json& node, std::size_t offset) {
    const Json& value = node.contains("value") ? node["value"] : Json::object();
    const Json& type = value.contains("type") ? value["type"] : Json::object();
    const std::string id = TextOf(type, "id");
    if (id == "NULL" || value.value("is_null", true)) {
      return ErrorAt(text_, offset, "NULL is not allowed here; ask with IS NULL or IS NOT NULL");
    }
    const Json& content = value.contains("value") ? value["value"] : Json::object();
    if (id == "VARCHAR" && content.is_string()) return Literal(content.get<std::string>(), offset);
    if (id == "BOOLEAN" && content.is_boolean()) return Literal(content.get<bool>(), offset);
    if (id == "DECIMAL") return ReadDecimal(type, content, offset);
    const std::optional<model::Int128> number = WholeNumber(content);
    const bool whole = id == "INTEGER" || id == "BIGINT" || id == "HUGEINT" || id == "UHUGEINT";
    if (!whole) {
      return ErrorAt(text_, offset,
                     fmt::format("a constant of type {} is not allowed; write numbers as plain "
                                 "digits with an optional point",
                                 id));
    }
    if (!number || *number > std::numeric_limits<std::int64_t>::max() ||
        *number < std::numeric_limits<std::int64_t>::min()) {
      return ErrorAt(text_, offset, "the whole number is too large");
    }
    return Literal(static_cast<std::int64_t>(*number), offset);
  }

  ExpressionResult ReadDecimal(const Json& type, const Json& content, std::size_t offset) {
    const Json& details = type.contains("type_info") ? type["type_info"] : Json::object();
    const std::optional<model::Int128> unscaled = WholeNumber(content);
    const int scale = details.is_object() ? details.value("scale", -1) : -1;
    if (!unscaled || scale < 0 || scale > model::Decimal::kMaxScale) {
      return ErrorAt(text_, offset,
                     fmt::format("a decimal may have at most {} digits behind the point",
                                 model::Decimal::kMaxScale));
    }
    return Literal(model::Decimal(*unscaled, scale), offset);
  }

  /// TRUE, FALSE, DATE '…' and TIMESTAMP '…' are casts of a text constant in the tree.
  ExpressionResult ReadTypedLiteral(const Json& node, std::size_t offset) {
    const Json child = node.value("child", Json::object());
    const std::string target = TextOf(node.value("cast_type", Json::object()), "id");
    const std::size_t at = offset == 0 ? OffsetOf(child) : offset;
    const Json value = child.value("value", Json::object());
    const bool text_constant = TextOf(child, "class") == "CONSTANT" && value.is_object() &&
                               value.contains("value") && value["value"].is_string() &&
                               TextOf(value.value("type", Json::object()), "id") == "VARCHAR";
    if (!text_constant || node.value("try_cast", true)) {
      return ErrorAt(text_, at, fmt::format("a cast to {} is not allowed", target));
    }
    const auto content = value["value"].get<std::string>();
    if (target == "BOOLEAN" && (content == "t" || content == "f")) {
      return Literal(content == "t", at);
    }
    if (target == "DATE") return ParseLiteral(content, model::ColumnType::kDate, at);
    if (target != "TIMESTAMP" && target != "TIMESTAMP WITH TIME ZONE") {
      return ErrorAt(text_, at, fmt::format("a cast to {} is not allowed", target));
    }
    const bool has_offset =
        content.size() > 10 && content.find_first_of("Zz+-", 10) != std::string::npos;
    if (!has_offset) {
      return ErrorAt(text_, at,
                     "a TIMESTAMP needs Z or an offset such as +07:00; a plain text constant is "
                     "read in the center's time zone");
    }
    return ParseLiteral(content, model::ColumnType::kTimestamp, at);
  }

  ExpressionResult ParseLiteral(const std::string& content, model::ColumnType type,
                                std::size_t offset) {
    auto value = model::ParseValue(content, type, 0, base::TimeZone::Utc());
    if (!value.ok()) return ErrorAt(text_, offset, value.error().message);
    return Literal(std::move(value).value(), offset);
  }

  ExpressionResult ReadComparison(const Json& node, std::size_t offset, std::size_t depth) {
    static constexpr std::array<std::pair<std::string_view, Operator>, 6> kComparisons = {
        {{"COMPARE_EQUAL", Operator::kEqual},
         {"COMPARE_NOTEQUAL", Operator::kNotEqual},
         {"COMPARE_LESSTHAN", Operator::kLess},
         {"COMPARE_LESSTHANOREQUALTO", Operator::kLessOrEqual},
         {"COMPARE_GREATERTHAN", Operator::kGreater},
         {"COMPARE_GREATERTHANOREQUALTO", Operator::kGreaterOrEqual}}};
    const std::string type = TextOf(node, "type");
    const auto* known =
        std::find_if(kComparisons.begin(), kComparisons.end(),
                     [&](const auto& comparison) { return comparison.first == type; });
    if (known == kComparisons.end()) {
      return ErrorAt(text_, offset, fmt::format("the comparison {} is not allowed", type));
    }
    return ReadPair(node, "left", "right", known->second, {offset, depth});
  }

  struct Place {
    std::size_t offset;
    std::size_t depth;
  };

  ExpressionResult ReadPair(const Json& node, const char* left, const char* right,
                            Operator operation, Place place) {
    FANSIPAN_ASSIGN_OR_RETURN(Expression first,
                              Read(node.value(left, Json::object()), place.depth + 1));
    FANSIPAN_ASSIGN_OR_RETURN(Expression second,
                              Read(node.value(right, Json::object()), place.depth + 1));
    return Operation(operation, {std::move(first), std::move(second)}, place.offset);
  }

  ExpressionResult ReadConjunction(const Json& node, std::size_t offset, std::size_t depth) {
    const std::string type = TextOf(node, "type");
    if (type != "CONJUNCTION_AND" && type != "CONJUNCTION_OR") {
      return ErrorAt(text_, offset, fmt::format("{} is not allowed", type));
    }
    const Operator operation = type == "CONJUNCTION_AND" ? Operator::kAnd : Operator::kOr;
    FANSIPAN_ASSIGN_OR_RETURN(auto operands, ReadAll(node.value("children", Json()), depth));
    if (operands.size() < 2) return ErrorAt(text_, offset, "AND and OR need two conditions");
    Expression folded = std::move(operands.front());
    for (std::size_t next = 1; next < operands.size(); ++next) {
      std::vector<Expression> both;
      both.push_back(std::move(folded));
      both.push_back(std::move(operands[next]));
      folded = Operation(operation, std::move(both), offset);
    }
    return folded;
  }

  ExpressionResult ReadBetween(const Json& node, std::size_t offset, std::size_t depth) {
    FANSIPAN_ASSIGN_OR_RETURN(Expression low, ReadPair(node, "input", "lower",
                                                       Operator::kGreaterOrEqual, {offset, depth}));
    FANSIPAN_ASSIGN_OR_RETURN(
        Expression high, ReadPair(node, "input", "upper", Operator::kLessOrEqual, {offset, depth}));
    return Operation(Operator::kAnd, {std::move(low), std::move(high)}, offset);
  }

  ExpressionResult ReadOperator(const Json& node, std::size_t offset, std::size_t depth) {
    const std::string type = TextOf(node, "type");
    FANSIPAN_ASSIGN_OR_RETURN(auto operands, ReadAll(node.value("children", Json()), depth));
    if (type == "OPERATOR_COALESCE" && !operands.empty()) {
      Expression call;
      call.kind = Expression::Kind::kCall;
      call.name = "coalesce";
      call.offset = offset == 0 ? operands.front().offset : offset;
      call.operands = std::move(operands);
      return call;
    }
    if (operands.size() == 1) {
      if (type == "OPERATOR_NOT") return Operation(Operator::kNot, std::move(operands), offset);
      if (type == "OPERATOR_IS_NULL") {
        return Operation(Operator::kIsNull, std::move(operands), offset);
      }
      if (type == "OPERATOR_IS_NOT_NULL") {
        return Operation(Operator::kIsNotNull, std::move(operands), offset);
      }
    }
    if ((type == "COMPARE_IN" || type == "COMPARE_NOT_IN") && operands.size() >= 2) {
      for (std::size_t index = 1; index < operands.size(); ++index) {
        if (operands[index].kind != Expression::Kind::kLiteral) {
          return ErrorAt(text_, operands[index].offset, "IN takes constants only");
        }
      }
      return Operation(type == "COMPARE_IN" ? Operator::kIn : Operator::kNotIn, std::move(operands),
                       offset);
    }
    return ErrorAt(text_, offset, fmt::format("the operator {} is not allowed", type));
  }

  ExpressionResult ReadFunction(const Json& node, std::size_t offset, std::size_t depth) {
    std::string name = TextOf(node, "function_name");
    const Json orders = node.value("order_bys", Json::object());
    const bool plain = TextOf(node, "schema").empty() && TextOf(node, "catalog").empty() &&
                       !node.value("distinct", true) && !node.value("export_state", true) &&
                       IsEmptyOrNull(node, "filter") && orders.is_object() &&
                       IsEmptyOrNull(orders, "orders");
    if (name == "count_star") return ErrorAt(text_, offset, "a star (*) is not allowed");
    if (name == "row" || name == "list_value" || name == "struct_pack") {
      return ErrorAt(text_, offset,
                     "several values or a list are not allowed here; write one value");
    }
    if (!plain) {
      return ErrorAt(text_, offset,
                     fmt::format("{}(…) may have plain arguments only: no schema, DISTINCT, ORDER "
                                 "BY or FILTER",
                                 name));
    }
    FANSIPAN_ASSIGN_OR_RETURN(auto operands, ReadAll(node.value("children", Json()), depth));
    if (node.value("is_operator", false)) {
      return ReadArithmetic(name, std::move(operands), offset);
    }
    name = LowerAscii(name);
    if (!IsWrittenAt(name, offset)) {
      return ErrorAt(text_, offset, fmt::format("an operator that means {} is not allowed", name));
    }
    Expression call;
    call.kind = Expression::Kind::kCall;
    call.name = std::move(name);
    call.operands = std::move(operands);
    call.offset = offset;
    return call;
  }

  /// Some operators (SIMILAR TO, a IN b, AT TIME ZONE) are function calls in the tree; only what is
  /// written as a call counts as one.
  bool IsWrittenAt(const std::string& name, std::size_t offset) const {
    if (offset < text_.size() && text_[offset] == '"') ++offset;
    return LowerAscii(text_.substr(offset, name.size())) == name;
  }

  ExpressionResult ReadArithmetic(const std::string& symbol, std::vector<Expression> operands,
                                  std::size_t offset) {
    if (operands.size() == 1 && symbol == "-") {
      return Operation(Operator::kNegate, std::move(operands), offset);
    }
    if (operands.size() == 1 && symbol == "+") return std::move(operands.front());
    static constexpr std::array<std::pair<std::string_view, Operator>, 4> kArithmetic = {
        {{"+", Operator::kAdd},
         {"-", Operator::kSubtract},
         {"*", Operator::kMultiply},
         {"/", Operator::kDivide}}};
    for (const auto& [known, operation] : kArithmetic) {
      if (known == symbol && operands.size() == 2) {
        return Operation(operation, std::move(operands), offset);
      }
    }
    return ErrorAt(text_, offset, fmt::format("the operator {} is not allowed", symbol));
  }

  std::string_view text_;
  std::size_t prefix_;
};

/// The engine counts whole characters from the start of the statement in its syntax errors.
std::size_t ByteOffsetOf(std::string_view text, std::size_t character) {
  std::size_t offset = 0;
  while (offset < text.size()) {
    if ((static_cast<unsigned char>(text[offset]) & 0xC0U) != 0x80U && character-- == 0) break;
    ++offset;
  }
  return offset;
}

std::size_t CharacterOf(const Json& answer) {
  std::size_t character = 0;
  for (const char digit : TextOf(answer, "position").substr(0, 9)) {
    if (digit < '0' || digit > '9') break;
    character = character * 10 + static_cast<std::size_t>(digit - '0');
  }
  return character;
}

base::Error SyntaxError(const Json& answer, std::string_view text, std::size_t prefix) {
  std::size_t character = CharacterOf(answer);
  character = character > prefix ? character - prefix : 0;
  return ErrorAt(text, ByteOffsetOf(text, character), TextOf(answer, "error_message"));
}

/// Exactly one statement, a bare SELECT of one value.
const Json* FindOnlyValue(const Json& answer) {
  const auto statements = answer.find("statements");
  if (statements == answer.end() || !statements->is_array() || statements->size() != 1) {
    return nullptr;
  }
  const Json& statement = statements->front();
  const auto node = statement.find("node");
  if (node == statement.end() || TextOf(*node, "type") != "SELECT_NODE") return nullptr;
  const Json tables = node->value("cte_map", Json::object());
  const auto items = node->find("select_list");
  const bool bare = IsEmptyOrNull(*node, "modifiers") && IsEmptyOrNull(tables, "map") &&
                    TextOf(node->value("from_table", Json::object()), "type") == "EMPTY" &&
                    IsEmptyOrNull(*node, "where_clause") &&
                    IsEmptyOrNull(*node, "group_expressions") &&
                    IsEmptyOrNull(*node, "group_sets") && IsEmptyOrNull(*node, "having") &&
                    IsEmptyOrNull(*node, "sample") && IsEmptyOrNull(*node, "qualify") &&
                    TextOf(*node, "aggregate_handling") == "STANDARD_HANDLING";
  if (!bare || items == node->end() || !items->is_array() || items->size() != 1) return nullptr;
  return &items->front();
}

/// The end of the quoted piece that begins at `start`; a doubled quote stays inside.
std::size_t EndOfQuoted(std::string_view text, std::size_t start) {
  const char quote = text[start];
  for (std::size_t index = start + 1; index < text.size(); ++index) {
    if (text[index] != quote) continue;
    if (index + 1 < text.size() && text[index + 1] == quote) {
      ++index;
      continue;
    }
    return index;
  }
  return std::string_view::npos;
}

bool IsWordCharacter(char letter) {
  return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '_' || letter == '&';
}

/// What is wrong with the unquoted character at `index`; empty when nothing is.
std::string_view ProblemAt(std::string_view text, std::size_t index) {
  const char letter = text[index];
  const char next = index + 1 < text.size() ? text[index + 1] : ' ';
  if (letter == ';') return "a semicolon is not allowed; write one expression";
  if (letter == '-' && next == '-') return "a comment (--) is not allowed";
  if (letter == '/' && next == '*') return "a comment (/*) is not allowed";
  if (letter == '?' || letter == '$') return "a parameter is not allowed";
  const auto byte = static_cast<unsigned char>(letter);
  if (byte >= 0x80) return "write characters outside ASCII in quotes only";
  if (byte < 0x20 && letter != '\t' && letter != '\n' && letter != '\r') {
    return "a control character is not allowed";
  }
  if ((letter == '\'' || letter == '"') && index > 0 && IsWordCharacter(text[index - 1])) {
    return "a quote must not follow a letter directly; put a space before it";
  }
  return {};
}

}  // namespace

base::Error ErrorAt(std::string_view text, std::size_t byte_offset, std::string_view what) {
  std::size_t character = 1;
  for (std::size_t index = 0; index < std::min(byte_offset, text.size()); ++index) {
    if ((static_cast<unsigned char>(text[index]) & 0xC0U) != 0x80U) ++character;
  }
  return {base::ErrorCode::kInvalidArgument, "bad_expression",
          fmt::format("character {}: {}", character, what)};
}

base::Status CheckTokens(std::string_view text) {
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
    return ErrorAt(text, nul, "a NUL character is not allowed");
  }
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    return ErrorAt(text, 0, "the expression is empty");
  }
  int open = 0;
  for (std::size_t index = 0; index < text.size(); ++index) {
    const char letter = text[index];
    if (const std::string_view problem = ProblemAt(text, index); !problem.empty()) {
      return ErrorAt(text, index, problem);
    }
    if (letter == '\'' || letter == '"') {
      const std::size_t end = EndOfQuoted(text, index);
      if (end == std::string_view::npos) return ErrorAt(text, index, "the quote is never closed");
      index = end;
    }
    if (letter == '(') ++open;
    if (letter == ')' && --open < 0) {
      return ErrorAt(text, index, "this parenthesis was never opened");
    }
  }
  if (open > 0) return ErrorAt(text, text.size(), "a parenthesis is never closed");
  return {};
}

base::Result<Expression> ReadSyntaxTree(std::string_view json, std::string_view text,
                                        std::size_t prefix) {
  const Json answer = Json::parse(json, nullptr, /*allow_exceptions=*/false);
  if (!answer.is_object()) {
    return base::Error{base::ErrorCode::kInternal, "", "the engine's syntax tree is not JSON"};
  }
  try {
    if (answer.value("error", true)) return SyntaxError(answer, text, prefix);
    const Json* value = FindOnlyValue(answer);
    if (value == nullptr) {
      return ErrorAt(text, 0, "write one expression: no FROM, no other clause, no second value");
    }
    return TreeReader(text, prefix).Read(*value, 1);
  } catch (const Json::exception& problem) {
    return base::Error{
        base::ErrorCode::kInternal, "",
        fmt::format("the engine's syntax tree has an unknown shape: {}", problem.what())};
  }
}

std::optional<model::StatementFault> FindStatementFault(std::string_view json,
                                                        std::string_view text) {
  const Json answer = Json::parse(json, nullptr, /*allow_exceptions=*/false);
  if (!answer.is_object()) return model::StatementFault{0, "the statement is not readable"};
  const auto failed = answer.find("error");
  if (failed == answer.end() || !failed->is_boolean() || failed->get<bool>()) {
    return model::StatementFault{ByteOffsetOf(text, CharacterOf(answer)),
                                 TextOf(answer, "error_message")};
  }
  const auto statements = answer.find("statements");
  const bool one = statements != answer.end() && statements->is_array() && statements->size() == 1;
  if (one) return std::nullopt;
  return model::StatementFault{0, "it must be one SELECT statement"};
}

}  // namespace fansipan::store::internal
