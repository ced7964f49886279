#include "importers/columns.h"

#include <algorithm>
#include <string>

#include "registry/domain/assessment.h"
#include "registry/domain/document.h"
#include "registry/domain/engagement.h"
#include "registry/domain/fund_entry.h"
#include "registry/domain/link.h"
#include "registry/domain/need.h"
#include "registry/domain/office_term.h"
#include "registry/domain/organization.h"
#include "registry/domain/participation.h"
#include "registry/domain/person.h"
#include "registry/domain/program.h"
#include "registry/domain/project.h"
#include "registry/domain/text.h"
#include "registry/domain/work.h"

namespace chucai::importers {
namespace {

using enum Reading;
using enum Presence;
using R = Reading;

// Columns that every sheet may have and nobody keeps.
constexpr Column kEverywhere[] = {
    {"数据标识", "", Ignored},
    {"序号", "", Ignored, Optional, "no|no.|#"},
    {"系统编号", "", RecordId, TakenOnly},
    {"错误说明", "", Ignored},  // of a workbook that went back and comes again
    {"原始行号", "", Ignored},
};
constexpr Column kIgnored = {"忽略", "", Ignored};
constexpr Column kKept = {"保留", "", Ignored};

constexpr Column kPersons[] = {
    {"姓名", "name", Name, Required, "人员姓名|名字|人才姓名"},
    {"性别", "sex", Code},
    {"出生日期", "birth", BirthDate, Noticed, "出生年月|出生年月日|出生时间|生日|date of birth"},
    {"国籍", "nationality", Code, Optional, "国家|国籍地区|国籍(地区)"},
    {"证件类型", "id_type", Code, Optional, "证件种类|身份证件类型|id type"},
    {"证件号码", "id_no", Identity, Noticed,
     "身份证号|身份证号码|公民身份号码|居民身份证号码|证件号|身份证|有效证件号码|id no|id number"},
    {"民族", "ethnic", Code},
    {"籍贯", "native_place", Text, Optional, "出生地"},
    {"政治面貌", "political", Code, Optional, "政治面目|党派"},
    {"学历", "education", Code, Noticed, "最高学历|文化程度|学历层次"},
    {"学位", "degree", Code, Optional, "最高学位"},
    {"毕业院校", "school", Text, Optional, "毕业学校|毕业院校及专业|毕业学院|院校"},
    {"所学专业", "major", Text, Optional, "专业|毕业专业"},
    {"参加工作时间", "work_start", R::Date, Optional,
     "工作时间|参工时间|参加工作年月|参加工作日期"},
    {"工作单位", "employer", Employer, Noticed,
     "单位|所在单位|单位名称|现工作单位|现工作单位及职务|工作单位名称|用人单位"},
    {"统一社会信用代码", "employer_uscc", Uscc, Optional,
     "单位信用代码|信用代码|社会信用代码|单位统一社会信用代码|uscc"},
    {"职务", "post", Text, Optional, "现任职务|行政职务|岗位"},
    {"专业技术职称", "title", Title, Optional, "职称|专业技术职务|技术职称|专业技术资格"},
    {"职称级别", "title_grade", Code, Optional, "职称等级|专业技术职务级别"},
    {"技能等级", "skill_grade", Code, Optional, "职业技能等级|技术等级"},
    {"人才类别", "talent_category", Code, Optional, "人才类型|人才分类"},
    {"行业代码", "industry", CodeNumber, Noticed, "国民经济行业代码"},
    {"从事行业", "industry_text", NameOfCode, Optional, "行业|所属行业|行业名称"},
    {"学科代码", "discipline", CodeNumber, Noticed},
    {"学科领域", "discipline_text", NameOfCode, Optional, "学科|学科名称|专业领域|研究领域"},
    {"所在地区", "region_text", RegionName, Optional,
     "所属地区|地区|县市区|所在地|工作地区|行政区划"},
    {"地区代码", "region", RegionCode, Noticed, "行政区划代码|区划代码"},
    {"联系电话", "phone", Phone, Noticed, "手机|手机号码|手机号|电话|联系方式|移动电话|mobile"},
    {"电子邮箱", "email", Email, Optional, "邮箱|e-mail|电子邮件"},
    {"备注", "note", Text, Optional, "说明"},
};

constexpr Column kExperts[] = {
    {"专家编号", "expert_no", Text, Optional, "编号|专家号"},
    {"姓名", "name", Name, Required, "专家姓名|人员姓名|名字"},
    {"性别", "sex", Code},
    {"出生年月", "birth", BirthMonth, Optional, "出生日期|出生年月日|出生时间"},
    {"国籍", "nationality", Code, Optional, "国家|国籍(地区)"},
    {"证件类型", "id_type", Code, Optional, "证件种类"},
    {"证件号码", "id_no", Identity, Noticed,
     "身份证号|身份证号码|公民身份号码|居民身份证号码|证件号|身份证|护照号码"},
    {"工作单位", "employer", Employer, Noticed,
     "单位|所在单位|单位名称|现工作单位|现工作单位及职务"},
    {"单位所在地", "region_text", RegionName, Optional, "所在地区|所属地区|地区|县市区|所在地"},
    {"地区代码", "region", RegionCode, Noticed, "行政区划代码|区划代码"},
    {"职务", "post", Text, Optional, "现任职务|行政职务"},
    {"职称", "title", Title, Optional, "专业技术职称|专业技术职务|技术职称"},
    {"职称级别", "title_grade", Code, Optional, "职称等级"},
    {"学历", "education", Code, Noticed, "最高学历|文化程度"},
    {"学位", "degree", Code, Optional, "最高学位"},
    {"毕业院校", "school", Text, Optional, "毕业学校|毕业院校及专业"},
    {"一级学科", "discipline", Branch},
    {"二级学科", "discipline_text", NameOfCode, Optional, "学科|学科领域|学科名称"},
    {"学科代码", "discipline", CodeNumber, Noticed},
    {"研究方向", "research", List, Noticed, "专业方向|主要研究方向"},
    {"行业代码", "industry", CodeNumber, Noticed},
    {"从事行业", "industry_text", NameOfCode, Optional, "行业|所属行业|行业名称"},
    {"外语语种", "languages", CodeList, Optional, "外语|语种"},
    {"荣誉称号", "honours", List, Optional, "荣誉|人才称号"},
    {"服务方式", "service_modes", CodeList},
    {"可服务地区", "service_regions", RegionList, Optional, "服务地区"},
    {"年可服务天数", "days_per_year", Integer, Optional, "可服务天数"},
    {"联系电话", "phone", Phone, Noticed, "手机|手机号码|手机号|电话|联系方式"},
    {"电子邮箱", "email", Email, Optional, "邮箱|e-mail|电子邮件"},
};

constexpr Column kOrganizations[] = {
    {"单位名称", "name", Employer, Required, "名称|机构名称|单位"},
    {"统一社会信用代码", "uscc", Uscc, Optional, "信用代码|社会信用代码|单位信用代码"},
    {"单位类型", "kind", Code, Optional, "单位性质|机构类型"},
    {"级别", "level", Text, Optional, "单位级别"},
    {"地区代码", "region", RegionCode, Noticed, "行政区划代码|区划代码"},
    {"行业代码", "industry", CodeNumber, Noticed},
    {"上级单位", "parent", Employer, Optional, "主管单位|主管部门"},
    {"联系人", "contact", Name},
    {"联系电话", "phone", Phone, Noticed, "电话|联系方式|手机"},
};

constexpr Column kNeeds[] = {
    {"需求编号", "number", Text, Required, "编号"},
    {"需求单位", "requester", Employer, Required, "单位|单位名称|提出单位"},
    {"统一社会信用代码", "requester_uscc", Uscc, Optional, "信用代码|社会信用代码|单位信用代码"},
    {"所在地区", "region_text", RegionName, Optional, "所属地区|地区|县市区|所在地"},
    {"地区代码", "region", RegionCode, Noticed, "行政区划代码|区划代码"},
    {"需求名称", "name", Text, Required, "需求题目|需求标题"},
    {"需求类型", "kind", Text, Optional, "需求类别"},
    {"行业代码", "industry", CodeNumber, Noticed},
    {"所属行业", "industry_text", NameOfCode, Optional, "从事行业|行业|行业名称"},
    {"学科领域", "discipline_text", NameOfCode, Noticed, "学科|学科名称|专业领域"},
    {"学科代码", "discipline", CodeNumber, Noticed},
    {"需求描述", "description", Text, Optional, "需求内容|具体需求"},
    {"期望职称", "title_floor", Code, Noticed, "职称要求"},
    {"期望学历", "education_floor", Code, Optional, "学历要求"},
    {"需求人数", "headcount", Integer, Required, "人数|需求数量"},
    {"服务方式", "service_mode", Code},
    {"服务天数", "days", Integer, Optional, "天数"},
    {"外语要求", "languages", CodeList, Optional, "语种要求"},
    {"发布日期", "open_date", R::Date, Optional, "发布时间|开始"},
    {"截止日期", "close_date", R::Date, Optional, "截止时间|结束"},
    {"经费（万元）", "budget_fen", TenThousandYuan, Optional, "经费|预算(万元)"},
    {"计划代码", "program", Text},
    {"乡村振兴类别", "rural_category", Text},
    {"联系人", "contact", Name},
    {"联系电话", "phone", Phone, Noticed, "电话|手机|手机号码|联系方式"},
};

constexpr Column kEngagements[] = {
    {"报名编号", "number", Text, Required, "对接编号|编号"},
    {"需求编号", "need", Reference, Required},
    {"专家编号", "person", Reference, Required},
    {"姓名", "", Referred, Optional, "专家姓名"},
    {"工作单位", "", Referred, Optional, "单位"},
    {"报名时间", "enrolled_on", R::Date, Optional, "报名日期"},
    {"报名方式", "channel", Text},
    {"状态", "status", Code, Optional, "对接状态"},
    {"服务开始", "start", R::Date, Optional, "开始|开始日期"},
    {"服务结束", "end", R::Date, Optional, "结束|结束日期"},
    {"满意度", "satisfaction", Code},
};

constexpr Column kParticipations[] = {
    {"姓名", "", Referred, Optional, "人员姓名"},
    {"证件号码", "subject", Subject, Optional, "身份证号|身份证号码|证件号"},
    {"护照号", "subject", Subject, TakenOnly, "护照号码"},
    {"专家编号", "subject", Subject},
    {"统一社会信用代码", "subject", Subject, Optional, "信用代码|单位信用代码"},
    {"项目编号", "subject", Subject},
    {"计划代码", "program", Text, Required, "项目代码"},
    {"批次", "round", Text, Optional, "活动名称|期次"},
    {"状态", "status", Code},
    {"入选日期", "selected_on", R::Date, Optional, "入选时间"},
    {"接收单位", "host", Employer},
    {"地区代码", "region", RegionCode, Noticed, "行政区划代码|区划代码"},
    {"层次", "tier", Text, Optional, "级别|层级"},
    {"开始", "start", R::Date, Optional, "开始日期|开始时间"},
    {"结束", "end", R::Date, Optional, "结束日期|结束时间"},
    {"退出日期", "exit_on", R::Date, Optional, "退出时间"},
    {"退出原因", "exit_reason", Code},
    {"备注", "note", Text},
    {"依据文号", "evidence", Reference, TakenOnly},
};

constexpr Column kPrograms[] = {
    {"计划代码", "code", Text, Required},
    {"名称", "name_zh", Text, Optional, "计划名称|项目名称"},
    {"英文名称", "name_en", Text},
    {"类别", "kind", Code, Required, "计划类别"},
    {"上级计划", "parent", Text},
    {"规则", "rule", Code, Required, "覆盖规则"},
    {"规则二", "rule2", Code},
    {"计数对象", "counted", Code},
    {"口径", "coverage", Text},
    {"牵头单位", "lead_office", Text},
    {"退出规则", "exit_rule", Text},
};

constexpr Column kRounds[] = {
    {"计划代码", "program", Text, Required},
    {"批次", "label", Text, Required, "活动名称|期次"},
    {"届次", "ordinal", Integer},
    {"开始", "start", R::Date, Optional, "开始日期|开始时间"},
    {"结束", "end", R::Date, Optional, "结束日期|结束时间"},
    {"地点", "place", Text},
    {"地区代码", "region", RegionCode, Noticed},
    {"行业代码", "industry", CodeNumber, Noticed},
    {"主办单位", "host", Employer},
    {"人数上限", "capacity", Integer, Optional, "人数"},
};

constexpr Column kTargets[] = {
    {"计划代码", "program", Text, Required},
    {"年度", "year", Integer, Required, "年份"},
    {"地区代码", "region", RegionCode},
    {"维度", "dimension", Text},
    {"指标", "metric", Text},
    {"目标值", "value", Integer, Required, "目标|计划数"},
    {"依据文件", "source_doc", Text},
};

constexpr Column kProjects[] = {
    {"项目编号", "number", Text, Required, "编号"},
    {"项目名称", "name", Text, Required, "名称"},
    {"项目类别", "kind", Text, Optional, "项目类型|类别"},
    {"计划代码", "program", Text},
    {"承担单位", "host", Employer, Optional, "项目单位|单位|单位名称|牵头单位"},
    {"统一社会信用代码", "host_uscc", Uscc, Optional, "信用代码|社会信用代码|单位信用代码"},
    {"所在地区", "region_text", RegionName, Optional, "所属地区|地区|县市区|所在地"},
    {"地区代码", "region", RegionCode, Noticed, "行政区划代码|区划代码"},
    {"行业代码", "industry", CodeNumber, Noticed},
    {"所属行业", "industry_text", NameOfCode, Optional, "从事行业|行业|行业名称"},
    {"学科代码", "discipline", CodeNumber, Noticed},
    {"学科领域", "discipline_text", NameOfCode, Optional, "学科|学科名称|专业领域"},
    {"项目负责人", "lead_name", Name, Optional, "负责人|负责人姓名"},
    {"负责人证件号", "lead", PersonNumber, Optional, "负责人身份证号|负责人证件号码"},
    {"开始日期", "start", R::Date, Optional, "开始|开始时间|起始日期"},
    {"结束日期", "end", R::Date, Optional, "结束|结束时间|终止日期"},
    {"经费（万元）", "budget_fen", TenThousandYuan, Optional, "经费|总预算(万元)|预算(万元)"},
    {"经费（元）", "budget_fen", Yuan, TakenOnly, "总预算(元)|总预算|预算(元)"},
    {"里程碑", "milestones", MilestoneName, Optional, "督办事项|里程碑名称|节点"},
    {"到期日", "milestones", MilestoneDue, Optional, "里程碑到期日|完成时限|办结时限"},
    {"里程碑状态", "milestones", MilestoneStatus, Optional, "办理状态|节点状态"},
    {"合作国家", "countries", CodeList, Optional, "合作国别"},
    {"项目简介", "summary", Text, Optional, "简介|项目内容"},
};

constexpr Column kFunds[] = {
    {"计划代码", "program", Text, Required},
    {"批次", "round", Text, Optional, "期次"},
    {"地区代码", "region", RegionCode, Noticed, "行政区划代码|区划代码"},
    {"收款人/单位", "payee", Text, Optional, "收款人|收款单位|收款人或单位"},
    {"类型", "type", Code, Required, "资金类型|流水类型"},
    {"金额（元）", "amount_fen", Yuan, Required, "金额"},
    {"日期", "on", R::Date, Required, "拨付日期|发生日期"},
    {"凭证号", "voucher", Text, Optional, "凭证编号|凭证"},
};

constexpr Column kAssessments[] = {
    {"对象类型", "subject_type", Code, Required},
    {"对象标识", "subject", Party, Required, "对象|对象编号"},
    {"评价方案", "scheme", Text, Required, "方案|考核方案"},
    {"周期", "period", Text, Required, "年度|考核周期"},
    {"得分", "score_hundredths", Hundredths, Optional, "分数|评分"},
    {"等次", "grade", Text, Optional, "等级|考核结果"},
    {"日期", "on", R::Date, Optional, "评价日期|考核日期"},
    {"评价单位", "assessor", Employer, Optional, "考核单位|评估单位"},
};

constexpr Column kDocuments[] = {
    {"文件名称", "name", Text, Required, "名称|标题"},
    {"文号", "number", Text, Optional, "发文字号"},
    {"发文单位", "issuer", Employer, Optional, "发布单位|印发单位"},
    {"发文日期", "issued_on", R::Date, Optional, "印发日期|发布日期"},
    {"生效", "valid_from", R::Date, Optional, "生效日期"},
    {"失效", "valid_to", R::Date, Optional, "失效日期"},
    {"层级", "level", Text, Optional, "级别"},
    {"地区代码", "region", RegionCode, Noticed, "行政区划代码|区划代码"},
    {"计划代码", "program", Text},
};

constexpr Column kLinks[] = {
    {"甲方类型", "from_type", Code, Required},
    {"甲方标识", "from", Party, Required, "甲方"},
    {"关系", "relation", Code, Required, "关系类型"},
    {"乙方类型", "to_type", Code, Required},
    {"乙方标识", "to", Party, Required, "乙方"},
    {"开始", "start", R::Date, Optional, "开始日期|开始时间"},
    {"结束", "end", R::Date, Optional, "结束日期|结束时间"},
    {"备注", "note", Text},
};

constexpr Column kWorks[] = {
    {"专家编号", "person", Reference, Required, "作者编号|编号"},
    {"题名", "title", Text, Required, "标题|名称|成果名称"},
    {"摘要", "summary", Text},
    {"年份", "year", Integer, Optional, "年度|发表年份"},
    {"类型", "kind", Text, Optional, "成果类型"},
    {"合作者编号", "authors", List, Optional, "合作者"},
};

constexpr Column kTerms[] = {
    {"词表", "scheme", Text, Required, "代码表"},
    {"代码", "code", Text, Required},
    {"名称", "name", Text, Required},
    {"英文名称", "name_en", Text},
    {"上级代码", "parent", Text},
    {"别名", "aliases", List, Optional, "简称"},
    {"生效", "valid_from", R::Date, Optional, "生效日期"},
    {"失效", "valid_to", R::Date, Optional, "失效日期"},
    {"标记", "flags", List},
};

constexpr Kind kKinds[] = {
    {"persons", type_of<Person>, kPersons, "active", role::kTalent},
    {"experts", type_of<Person>, kExperts, "active", role::kExpert},
    {"organizations", type_of<Organization>, kOrganizations},
    {"works", type_of<Work>, kWorks},
    {"projects", type_of<Project>, kProjects, "on_track"},
    {"needs", type_of<Need>, kNeeds, "accepted"},
    {"engagements", type_of<Engagement>, kEngagements},
    {"participations", type_of<Participation>, kParticipations},
    {"programs", type_of<Program>, kPrograms},
    {"rounds", type_of<Round>, kRounds},
    {"targets", type_of<Target>, kTargets},
    {"funds", type_of<FundEntry>, kFunds},
    {"assessments", type_of<Assessment>, kAssessments},
    {"documents", type_of<Document>, kDocuments},
    {"links", type_of<Link>, kLinks},
    {"terms", type_of<OfficeTerm>, kTerms},
};

/// Without remarks in brackets: "出生年月(必填)" -> "出生年月".
std::string without_brackets(std::string key) {
  for (std::size_t open = key.find('('); open != std::string::npos; open = key.find('(')) {
    const std::size_t close = key.find(')', open);
    key.erase(open, close == std::string::npos ? close : close - open + 1);
  }
  return key;
}

bool names(const Column& column, std::string_view key) {
  if (key == header_key(column.header)) return true;
  if (!column.field.empty() && key == column.field) return true;
  for (std::string_view rest = column.synonyms; !rest.empty();) {
    const std::size_t bar = std::min(rest.find('|'), rest.size());
    if (key == fold(rest.substr(0, bar))) return true;
    rest.remove_prefix(std::min(bar + 1, rest.size()));
  }
  return false;
}

/// A canonical header beats a synonym of another column (专家编号 and 编号).
const Column* look_up(const Kind& kind, std::string_view key) {
  for (const auto columns : {kind.columns, std::span<const Column>(kEverywhere)}) {
    const auto exact = std::find_if(columns.begin(), columns.end(), [&](const Column& column) {
      return key == header_key(column.header);
    });
    if (exact != columns.end()) return &*exact;
  }
  for (const auto columns : {kind.columns, std::span<const Column>(kEverywhere)}) {
    const auto similar = std::find_if(columns.begin(), columns.end(),
                                      [&](const Column& column) { return names(column, key); });
    if (similar != columns.end()) return &*similar;
  }
  return nullptr;
}

}  // namespace

std::string header_key(std::string_view written) {
  std::string key = fold(written);
  std::erase_if(key, [](char c) { return c == '*' || c == ':'; });
  return key;
}

const Column& ignored_column() {
  return kIgnored;
}

const Column& kept_column() {
  return kKept;
}

const Column* Kind::column(std::string_view header) const {
  const auto found = std::find_if(columns.begin(), columns.end(),
                                  [&](const Column& c) { return c.header == header; });
  return found == columns.end() ? nullptr : &*found;
}

const Column* Kind::column(Reading reading) const {
  const auto found = std::find_if(columns.begin(), columns.end(),
                                  [&](const Column& c) { return c.reading == reading; });
  return found == columns.end() ? nullptr : &*found;
}

std::span<const Kind> kinds() {
  return kKinds;
}

const Kind* find_kind(std::string_view name) {
  const auto found = std::find_if(std::begin(kKinds), std::end(kKinds),
                                  [&](const Kind& kind) { return kind.name == name; });
  return found == std::end(kKinds) ? nullptr : found;
}

const Column* find_column(const Kind& kind, std::string_view written) {
  const std::string key = header_key(written);
  if (key.empty()) return nullptr;
  if (const Column* column = look_up(kind, key)) return column;
  const std::string bare = without_brackets(key);
  return bare.empty() ? nullptr : look_up(kind, bare);
}

std::string_view code_field_of(std::string_view text_field) {
  constexpr std::string_view kSuffix = "_text";
  return text_field.ends_with(kSuffix) ? text_field.substr(0, text_field.size() - kSuffix.size())
                                       : text_field;
}

}  // namespace chucai::importers
