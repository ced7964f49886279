#include "api/cli/session.h"

#include <pwd.h>
#include <unistd.h>

#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "api/json/writer.h"

namespace chucai::cli {
namespace {

Language language_of_environment() {
  for (const char* name : {"CHUCAI_LANG", "LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(name);
    if (value && *value)
      return std::string_view(value).starts_with("en") ? Language::English : Language::Chinese;
  }
  return Language::Chinese;
}

std::string account_name() {
  const passwd* entry = ::getpwuid(::getuid());
  return entry ? entry->pw_name : std::to_string(::getuid());
}

// RFC 3986: what is not unreserved is written as %XX, so that any password fits into a URL.
std::string percent_encode(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) || c == '-' || c == '.' || c == '_' || c == '~') {
      out += c;
    } else {
      out += '%';
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    }
  }
  return out;
}

void write_problem(JsonWriter& json, const Problem& problem, const std::string& message) {
  json.begin_object()
      .field("code", problem.reason)
      .field("where", problem.where)
      .field("message", message)
      .end_object();
}

}  // namespace

Session::Session() : language_(language_of_environment()) {
  if (auto messages = Messages::load(embedded_codes())) {
    messages_ = std::make_unique<Messages>(std::move(*messages));
  }
}

Result<RegistryOptions> Session::options() {
  if (const Done read = settings.read_file(); !read) return tl::make_unexpected(read.error());
  RegistryOptions options;
  options.data_folder = settings.value(Setting::Data);
  options.database_url = settings.value(Setting::Database);
  const std::string password_file = settings.value(Setting::PasswordFile);
  if (!password_file.empty()) {
    const auto secret = read_file(password_file);
    if (!secret) return tl::make_unexpected(secret.error());
    const std::string password = secret->substr(0, secret->find_first_of("\r\n"));
    const auto at = options.database_url.find('@');
    if (at == std::string::npos) {
      return fail(ErrorCode::InvalidArgument, "cli.password_file", "--database");
    }
    options.database_url.insert(at, ":" + percent_encode(password));
  }
  if (const std::string today = settings.value(Setting::Today); !today.empty()) {
    const auto date = parse_date(today);
    if (!date || date->day == 0) return fail(ErrorCode::InvalidArgument, "field.date", "--today");
    options.today = *date;
  }
  return options;
}

Registry* Session::open() {
  const auto options = this->options();
  auto opened = options ? Registry::open(*options) : tl::make_unexpected(options.error());
  if (!opened) {
    report(opened.error());
    return nullptr;
  }
  registry_ = std::move(*opened);
  return registry_.get();
}

Registry* Session::open_or_init() {
  const auto options = this->options();
  auto opened = options ? Registry::init(*options) : tl::make_unexpected(options.error());
  if (!opened) {
    report(opened.error());
    return nullptr;
  }
  registry_ = std::move(*opened);
  return registry_.get();
}

Principal Session::operator_here() const {
  return local_operator(account_name());
}

std::string Session::text(const Problem& problem) const {
  return messages_ ? messages_->text(problem, language_) : problem.reason;
}

int Session::report(const Error& error, int code) const {
  std::vector<Problem> problems = error.details;
  if (problems.empty()) problems.push_back(error.problem);
  if (json) {
    JsonWriter out;
    out.begin_object().key("error");
    write_problem(out, error.problem, text(error.problem));
    out.key("problems").begin_array();
    for (const Problem& problem : problems) write_problem(out, problem, text(problem));
    out.end_array().end_object();
    std::cout << std::move(out).take() << '\n';
    return code;
  }
  if (!error.details.empty()) std::cerr << text(error.problem) << '\n';
  for (const Problem& problem : problems) {
    std::cerr << "  " << (problem.where.empty() ? "" : problem.where + ": ") << text(problem)
              << " [" << problem.reason << "]\n";
  }
  if (!error.cause.empty()) std::cerr << "  (" << error.cause << ")\n";
  return code;
}

Result<std::string> read_file(const std::string& path) {
  if (path == "-") return std::string{std::istreambuf_iterator<char>(std::cin), {}};
  std::ifstream in(path, std::ios::binary);
  if (!in || std::filesystem::is_directory(path)) {
    return fail(ErrorCode::InvalidArgument, "cli.file", path);
  }
  return std::string{std::istreambuf_iterator<char>(in), {}};
}

Done write_file(const std::string& path, std::string_view content) {
  const std::string partial = path + ".partial";
  {
    std::ofstream out(partial, std::ios::binary | std::ios::trunc);
    out.write(content.data(), static_cast<std::streamsize>(content.size()));
    out.flush();
    if (!out) return fail(ErrorCode::InvalidArgument, "cli.output", path);
  }
  std::error_code error;
  std::filesystem::rename(partial, path, error);
  if (error) return fail(ErrorCode::InvalidArgument, "cli.output", path);
  return {};
}

}  // namespace chucai::cli
