using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Faults.Lasting;

/// <summary>Numbers that a kind cannot be without.</summary>
internal static class RequiredKeys
{
    /// <summary>A whole number; one that is missing is reported, and the least is returned.</summary>
    public static int Int(ObjectReader item, string key, int min, int max)
    {
        ArgumentNullException.ThrowIfNull(item);
        return item.Has(key) ? item.Int(key, min, min, max) : item.Fault(ScenarioCodes.Missing, "", $"'{key}' is missing", min);
    }
}
