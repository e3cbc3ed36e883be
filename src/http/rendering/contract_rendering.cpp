#include "http/rendering/contract_rendering.h"

#include <span>

#include "center/source_contract.h"
#include "http/rendering/figure_rendering.h"

namespace fansipan::http {
namespace {

std::int64_t Signed(std::uint64_t number) { return static_cast<std::int64_t>(number); }

void WriteSums(JsonWriter& json, const std::vector<model::ControlSum>& sums) {
  json.BeginArray("sums");
  for (const model::ControlSum& sum : sums) {
    json.BeginObject();
    json.Text("dataset", sum.dataset);
    json.Text("column", sum.column);
    json.Decimal("told", sum.told);
    json.Decimal("arrived", sum.arrived);
    json.Decimal("accepted", sum.accepted);
    if (sum.told) {
      json.Flag("agrees", sum.told == sum.accepted);
    } else {
      json.Null("agrees");
    }
    json.EndObject();
  }
  json.EndArray();
}

void WriteNamed(JsonWriter& json, const std::vector<model::MissingRow>& rows, Named named) {
  json.BeginArray("named");
  const std::span<const model::MissingRow> shown(rows);
  for (const model::MissingRow& row : shown.first(named == Named::kShown ? rows.size() : 0)) {
    json.BeginObject();
    json.TextOrNull("dataset", row.dataset);
    json.TextOrNull("key", row.key);
    json.Integer("raw_row",
                 row.raw_row == 0 ? std::nullopt : std::optional<std::int64_t>(row.raw_row));
    json.Text("reason", row.reason);
    json.EndObject();
  }
  json.EndArray();
}

void WriteControl(JsonWriter& json, const std::optional<model::ControlTotals>& control,
                  Named named) {
  if (!control) return json.Null("control_totals");
  json.BeginObject("control_totals");
  json.Text("outcome", NameOf(control->outcome));
  json.Text("cleared_by", NameOf(control->cleared_by));
  json.TextOrNull("period", control->period);
  json.Integer("rows_told",
               control->rows_told ? std::optional(Signed(*control->rows_told)) : std::nullopt);
  json.Integer("rows_arrived", Signed(control->rows_arrived));
  json.Integer("rows_accepted", Signed(control->rows_accepted));
  WriteSums(json, control->sums);
  json.Integer("missing", Signed(control->missing));
  WriteNamed(json, control->named, named);
  json.EndObject();
}

void WriteDrift(JsonWriter& json, const std::optional<model::SchemaDrift>& drift) {
  if (!drift) return json.Null("drift");
  json.BeginObject("drift");
  json.Integer("compared_with", Signed(drift->reference.value));
  json.BeginArray("changes");
  for (const model::ColumnChange& change : drift->changes) {
    json.BeginObject();
    json.Text("kind", NameOf(change.kind));
    json.Text("column", change.column);
    json.TextOrNull("was", change.was);
    json.TextOrNull("now", change.now);
    json.EndObject();
  }
  json.EndArray();
  json.Integer("more", Signed(drift->more));
  json.EndObject();
}

void WriteVolume(JsonWriter& json, const std::optional<model::UnusualVolume>& volume) {
  if (!volume) return json.Null("unusual_volume");
  json.BeginObject("unusual_volume");
  json.Integer("rows", Signed(volume->rows));
  json.Integer("least", Signed(volume->least));
  json.Integer("most", Signed(volume->most));
  json.Flag("learnt", volume->learnt);
  json.EndObject();
}

void WriteMembers(JsonWriter& json, const model::ContractFacts& facts, Named named) {
  WriteControl(json, facts.control, named);
  WriteDrift(json, facts.drift);
  WriteVolume(json, facts.unusual_volume);
}

/// The delivery by which one promise is broken.
void WriteSent(JsonWriter& json, std::string_view name, const indicators::ContractSent* sent,
               Named named) {
  if (sent == nullptr) return json.Null(name);
  json.BeginObject(name);
  json.Integer("delivery", Signed(sent->delivery.value));
  json.Moment("received_at", sent->received_at);
  WriteMembers(json, sent->facts, named);
  json.EndObject();
}

void WriteContact(JsonWriter& json, const std::optional<center::Contact>& contact) {
  if (!contact) return json.Null("contact");
  json.BeginObject("contact");
  json.Text("name", contact->name);
  json.TextOrNull("phone", contact->phone);
  json.TextOrNull("email", contact->email);
  json.EndObject();
}

}  // namespace

void WriteContractFacts(JsonWriter& json, const std::optional<model::ContractFacts>& facts) {
  const bool shown = facts && (facts->control || facts->drift || facts->unusual_volume);
  if (!shown) return json.Null("contract");
  json.BeginObject("contract");
  WriteMembers(json, *facts, Named::kShown);
  json.EndObject();
}

void WriteContractStanding(JsonWriter& json, const indicators::ContractStanding& standing,
                           Named named) {
  json.BeginObject("contract_standing");
  WriteSent(json, "incomplete", standing.incomplete.get(), named);
  json.Integer("incomplete_deliveries", Signed(standing.incomplete_deliveries));
  WriteSent(json, "control_total_missing", standing.not_told.get(), named);
  WriteSent(json, "drifting", standing.drifting.get(), named);
  WriteSent(json, "unusual_volume", standing.unusual_volume.get(), named);
  json.EndObject();
}

void WriteAgreement(JsonWriter& json, const center::Source& source,
                    const std::optional<base::Timestamp>& next_due) {
  const center::SourceContract& contract = center::ContractOf(source);
  WriteContact(json, contract.contact);
  json.Integer("freshness_seconds",
               contract.freshness ? std::optional(SecondsOf(*contract.freshness)) : std::nullopt);
  json.TextOrNull("cadence", contract.cadence ? center::ToText(*contract.cadence) : "");
  json.Moment("next_due", next_due);
}

}  // namespace fansipan::http
