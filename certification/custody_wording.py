"""What the agreement and the receipt say, in Chinese: the papers are kept as they were signed, whatever language is read in.

Source of the duties: 000, art. 19 and 20; the rest is the product's own policy
(see ``custody``). The words are the project's own.
"""

from certification.custody import Kind

KINDS = {Kind.UNIFORM: "制服", Kind.BADGE: "胸卡", Kind.TOOL_BAG: "工具箱包", Kind.HELMET: "安全帽", Kind.OTHER: "其他"}

AGREEMENT = """本公司在合同 {contract} 期间使用印有运营商标识的物品，承诺如下：
一、标识物品包括印有运营商标识的制服、胸卡、工具箱包、安全帽及其他物品。
二、标识物品只在进行支撑服务时使用，不转借、不转让，不用于其他场合。
三、标识物品按人、按件签收。领用人在本合同的花名册内，签收时写明用于哪项工作。
四、合同到期且不再续约时，本公司交回全部标识物品。人员退出花名册时，交回其领用的物品。
五、物品遗失当即报告，由运营商处理结案。有未交回或遗失未结案的物品时，不再向同一人发放。"""

RECEIPT = """本人领到上列印有运营商标识的物品，只在进行支撑服务时使用，不转借他人。
合同到期且不再续约，或本人退出花名册时，全部交回。遗失当即报告。"""


def agreement(contract: str) -> str:
    """The agreement's text for a contract, to be signed as it is or changed before."""
    return AGREEMENT.format(contract=contract)
