#include "simulation/province/internal/commune_points.h"

#include <algorithm>
#include <array>

namespace fansipan::simulation::internal {
namespace {

struct CommunePoint {
  std::string_view code;
  double latitude = 0;
  double longitude = 0;
};

/// By code.
constexpr std::array kPoints{
    CommunePoint{"02647", 22.49889, 104.01072}, CommunePoint{"02671", 22.43089, 104.00719},
    CommunePoint{"02680", 22.36784, 103.96592}, CommunePoint{"02683", 22.51952, 103.85259},
    CommunePoint{"02686", 22.72961, 103.65858}, CommunePoint{"02695", 22.64164, 103.73837},
    CommunePoint{"02701", 22.65158, 103.60130}, CommunePoint{"02707", 22.56827, 103.65627},
    CommunePoint{"02725", 22.52484, 103.77329}, CommunePoint{"02728", 22.46675, 103.65784},
    CommunePoint{"02746", 22.46267, 103.92759}, CommunePoint{"02752", 22.78180, 104.22281},
    CommunePoint{"02761", 22.73018, 104.10399}, CommunePoint{"02782", 22.61538, 104.15563},
    CommunePoint{"02788", 22.59430, 104.06984}, CommunePoint{"02809", 22.68011, 104.28531},
    CommunePoint{"02824", 22.66404, 104.21272}, CommunePoint{"02839", 22.53378, 104.29455},
    CommunePoint{"02842", 22.62183, 104.40591}, CommunePoint{"02848", 22.61052, 104.32201},
    CommunePoint{"02869", 22.49858, 104.38431}, CommunePoint{"02890", 22.46160, 104.25159},
    CommunePoint{"02896", 22.38641, 104.36185}, CommunePoint{"02902", 22.48322, 104.12051},
    CommunePoint{"02905", 22.37286, 104.14026}, CommunePoint{"02908", 22.25770, 104.13158},
    CommunePoint{"02923", 22.34321, 104.07799}, CommunePoint{"02926", 22.35944, 104.23748},
    CommunePoint{"02947", 22.21546, 104.49141}, CommunePoint{"02953", 22.40402, 104.46537},
    CommunePoint{"02962", 22.30119, 104.49924}, CommunePoint{"02968", 22.29198, 104.38214},
    CommunePoint{"02989", 22.20495, 104.32634}, CommunePoint{"02998", 22.16912, 104.55878},
    CommunePoint{"03004", 22.42962, 103.78221}, CommunePoint{"03006", 22.34974, 103.83653},
    CommunePoint{"03013", 22.39501, 103.87369}, CommunePoint{"03037", 22.27715, 103.86183},
    CommunePoint{"03043", 22.22099, 104.02603}, CommunePoint{"03046", 22.23993, 103.95425},
    CommunePoint{"03061", 22.18260, 104.17648}, CommunePoint{"03076", 22.11848, 104.08870},
    CommunePoint{"03082", 22.11165, 104.24083}, CommunePoint{"03085", 22.04585, 103.99464},
    CommunePoint{"03091", 22.00129, 104.36670}, CommunePoint{"03103", 21.99704, 104.28963},
    CommunePoint{"03106", 22.02528, 104.15202}, CommunePoint{"03121", 21.95308, 104.11241},
    CommunePoint{"04252", 21.71413, 104.89629}, CommunePoint{"04273", 21.74800, 104.87934},
    CommunePoint{"04279", 21.69441, 104.94797}, CommunePoint{"04288", 21.59351, 104.48135},
    CommunePoint{"04303", 22.11811, 104.77924}, CommunePoint{"04309", 22.22870, 104.66867},
    CommunePoint{"04336", 22.09416, 104.72865}, CommunePoint{"04342", 22.10702, 104.63618},
    CommunePoint{"04345", 22.06821, 104.83838}, CommunePoint{"04363", 22.00752, 104.70351},
    CommunePoint{"04375", 21.89568, 104.70099}, CommunePoint{"04381", 22.10384, 104.48385},
    CommunePoint{"04387", 22.02450, 104.45855}, CommunePoint{"04399", 21.97686, 104.59679},
    CommunePoint{"04402", 21.90594, 104.48923}, CommunePoint{"04423", 21.83104, 104.43113},
    CommunePoint{"04429", 21.82731, 104.57701}, CommunePoint{"04441", 21.80667, 104.69715},
    CommunePoint{"04450", 21.71263, 104.63417}, CommunePoint{"04456", 21.85629, 104.11944},
    CommunePoint{"04462", 21.85854, 104.29387}, CommunePoint{"04465", 21.89989, 103.97406},
    CommunePoint{"04474", 21.81806, 104.00058}, CommunePoint{"04489", 21.71038, 104.03689},
    CommunePoint{"04492", 21.72636, 104.19582}, CommunePoint{"04498", 21.81034, 104.81561},
    CommunePoint{"04531", 21.72199, 104.75689}, CommunePoint{"04537", 21.64159, 104.78732},
    CommunePoint{"04543", 21.67079, 104.88168}, CommunePoint{"04564", 21.59990, 104.85067},
    CommunePoint{"04576", 21.59194, 104.71597}, CommunePoint{"04585", 21.48746, 104.34696},
    CommunePoint{"04603", 21.48031, 104.59990}, CommunePoint{"04606", 21.56790, 104.40436},
    CommunePoint{"04609", 21.44334, 104.49139}, CommunePoint{"04630", 21.78323, 104.25970},
    CommunePoint{"04636", 21.70741, 104.39032}, CommunePoint{"04651", 21.70167, 104.51961},
    CommunePoint{"04660", 21.64202, 104.49398}, CommunePoint{"04663", 21.59187, 104.53912},
    CommunePoint{"04672", 21.58093, 104.61723}, CommunePoint{"04681", 21.55152, 104.50185},
    CommunePoint{"04693", 21.45577, 104.68196}, CommunePoint{"04699", 21.50871, 104.81370},
    CommunePoint{"04705", 21.40572, 104.77130}, CommunePoint{"04711", 21.41280, 104.85407},
    CommunePoint{"04714", 21.78124, 104.94555}, CommunePoint{"04717", 21.77042, 105.03871},
    CommunePoint{"04726", 22.00063, 104.92786}, CommunePoint{"04744", 21.89475, 104.97234},
    CommunePoint{"04750", 21.89761, 104.84573},
};

}  // namespace

std::optional<Point> FindCommunePoint(std::string_view code) {
  const auto found = std::ranges::lower_bound(kPoints, code, {}, &CommunePoint::code);
  if (found == kPoints.end() || found->code != code) return std::nullopt;
  return Point{found->latitude, found->longitude};
}

}  // namespace fansipan::simulation::internal
