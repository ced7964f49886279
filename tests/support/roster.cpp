#include "tests/support/roster.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>

#include "importers/workbook_writer.h"

namespace chucai::testing {
namespace {

template <std::size_t N>
std::string pick(const std::array<std::string_view, N>& from, std::uint64_t key) {
  return std::string(from[key % N]);
}

/// A mixed number for each place of each row (splitmix64).
std::uint64_t mixed(std::int64_t row, std::uint64_t place) {
  std::uint64_t z =
      static_cast<std::uint64_t>(row) * 0x9E3779B97F4A7C15u + place * 0xD1B54A32D192ED03u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

std::string padded(std::uint64_t number, std::size_t digits) {
  std::string text = std::to_string(number);
  return std::string(digits - std::min(digits, text.size()), '0') + text;
}

/// GB 11643: seventeen digits and the check character.
std::string with_check_digit(std::string digits) {
  constexpr std::array<int, 17> kWeights = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (std::size_t i = 0; i < kWeights.size(); ++i) sum += kWeights[i] * (digits[i] - '0');
  return digits + "10X98765432"[sum % 11];
}

constexpr std::array<std::string_view, 32> kFamily = {
    "赵", "钱", "孙", "李", "周", "吴", "郑", "王", "冯", "陈", "褚", "卫", "蒋", "沈", "韩", "杨",
    "朱", "秦", "尤", "许", "何", "吕", "施", "张", "孔", "曹", "严", "华", "金", "魏", "陶", "姜"};
constexpr std::array<std::string_view, 40> kGiven = {
    "伟", "芳", "娜", "秀", "英", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳",
    "杰", "娟", "涛", "明", "超", "兰", "霞", "平", "刚", "桂", "鹏", "辉", "玲", "飞",
    "凯", "浩", "宇", "轩", "博", "文", "思", "远", "佳", "欣", "川", "岚"};
struct Place {
  std::string_view code;
  std::string_view name;
};
constexpr std::array<Place, 6> kPlaces = {{{"420106", "湖北省武汉市武昌区"},
                                           {"420111", "湖北省武汉市洪山区"},
                                           {"420204", "湖北省黄石市下陆区"},
                                           {"420503", "湖北省宜昌市伍家岗区"},
                                           {"420606", "湖北省襄阳市樊城区"},
                                           {"421002", "湖北省荆州市沙市区"}}};
constexpr std::array<std::string_view, 8> kFields = {"光学",   "园艺学",   "地质学", "水产学",
                                                     "中药学", "材料科学", "土壤学", "畜牧学"};
constexpr std::array<std::string_view, 6> kSchools = {
    "武汉大学", "华中科技大学", "华中农业大学", "武汉理工大学", "中南民族大学", "长江大学"};

}  // namespace

const std::vector<std::string>& roster_header() {
  static const std::vector<std::string> kHeader = {
      "序号",     "姓名",     "性别",     "出生日期", "证件类型", "证件号码", "民族",
      "籍贯",     "政治面貌", "学历",     "学位",     "毕业院校", "所学专业", "参加工作时间",
      "工作单位", "职务",     "职称",     "职称级别", "人才类别", "学科领域", "所在地区",
      "地区代码", "手机",     "电子邮箱", "备注"};
  return kHeader;
}

std::vector<std::string> roster_row(std::int64_t n) {
  const auto at = [&](std::uint64_t place) { return mixed(n, place); };
  const bool male = at(1) % 2 == 0;
  const std::uint64_t day = at(2) % (28 * 12 * 35);
  const std::string birth_year = std::to_string(1960 + day / (28 * 12));
  const std::string birth_month = padded(1 + day / 28 % 12, 2);
  const std::string birth_day = padded(1 + day % 28, 2);
  const Place& place = kPlaces[at(3) % kPlaces.size()];
  // Area and the first digits of the order tell a million numbers apart; the last one says the sex.
  const auto row = static_cast<std::uint64_t>(n);
  const std::uint64_t order = row % 100 * 10 + at(4) % 5 * 2 + (male ? 1 : 0);
  const std::string area = padded(420100 + row / 100 % 10000, 6);
  const std::string number =
      with_check_digit(area + birth_year + birth_month + birth_day + padded(order, 3));
  const std::string field = pick(kFields, at(5));
  return {std::to_string(n + 1),
          pick(kFamily, at(6)) + pick(kGiven, at(7)) + pick(kGiven, at(8)),
          male ? "男" : "女",
          birth_year + "-" + birth_month + "-" + birth_day,
          "居民身份证",
          number,
          "汉族",
          "湖北武汉",
          "群众",
          "研究生教育",
          "博士",
          pick(kSchools, at(9)),
          field,
          std::to_string(1990 + at(10) % 25) + "-07",
          "湖北第" + std::to_string(at(11) % 20000) + "研究院有限公司",
          "研究员助理",
          "高级工程师",
          "副高级",
          "专业技术人才",
          field,
          std::string(place.name),
          std::string(place.code),
          "1" + padded(3000000000u + static_cast<std::uint64_t>(n), 10),
          "u" + std::to_string(n) + "@example.com",
          "第" + std::to_string(n % 97) + "批"};
}

void write_roster(const std::filesystem::path& path, std::int64_t rows) {
  auto writer = path.extension() == ".xlsx" ? importers::create_xlsx(path, "persons")
                                            : importers::create_csv(path);
  if (!writer) throw std::runtime_error("write_roster");
  (void)(*writer)->row(roster_header());
  for (std::int64_t n = 0; n < rows; ++n) {
    if (!(*writer)->row(roster_row(n))) throw std::runtime_error("write_roster");
  }
  if (!(*writer)->finish()) throw std::runtime_error("write_roster");
}

}  // namespace chucai::testing
