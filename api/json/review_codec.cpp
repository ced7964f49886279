#include "api/json/review_codec.h"

#include "api/json/writer.h"

namespace chucai {
namespace {

void begin_participation(JsonWriter& json, const Participation& participation) {
  json.begin_object()
      .field("participation", id_text(participation.id))
      .field("program", participation.program)
      .field("round", participation.round)
      .field("subject_type", participation.subject_type)
      .field("subject", participation.subject)
      .field("status", participation.status)
      .field("region", participation.region);
}

}  // namespace

std::string reviews_json(const std::vector<OverdueReview>& reviews,
                         const std::vector<Clawback>& clawbacks) {
  JsonWriter json;
  json.begin_object().key("items").begin_array();
  for (const OverdueReview& review : reviews) {
    begin_participation(json, review.participation);
    json.field("due", to_text(review.due))
        .field("days_over", review.days_over)
        .field("clawback_percent", std::int64_t{review.clawback_percent})
        .end_object();
  }
  json.end_array().key("clawbacks").begin_array();
  for (const Clawback& money : clawbacks) {
    begin_participation(json, money.participation);
    json.field("paid_fen", money.paid_fen)
        .field("due_fen", money.due_fen)
        .field("recovered_fen", money.recovered_fen)
        .field("outstanding_fen", money.outstanding_fen())
        .end_object();
  }
  json.end_array().end_object();
  return std::move(json).take();
}

}  // namespace chucai
