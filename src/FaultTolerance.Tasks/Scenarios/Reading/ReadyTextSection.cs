using System.Collections.Immutable;
using FaultTolerance.Runs;

namespace FaultTolerance.Scenarios.Reading;

/// <summary>Reads <c>readyTexts</c>: texts by which logs say that a pod serves, of services that the tool knows none for.</summary>
internal static class ReadyTextSection
{
    private const int LongestText = 500;

    /// <summary>Reads the section; what is wrong is reported, and reading goes on.</summary>
    public static ImmutableArray<ReadyTextRule> Read(ObjectReader root)
    {
        var rules = ImmutableArray.CreateBuilder<ReadyTextRule>();
        foreach (var item in root.Objects("readyTexts"))
        {
            var (services, text) = (item.Texts("services"), item.Text("text", required: true) ?? "");
            if (text.Length > LongestText)
            {
                item.Fault(ScenarioCodes.BadValue, "text", $"'text' has {text.Length} characters, but must have at most {LongestText}", 0);
            }

            rules.Add(new ReadyTextRule(services, text));
            item.End();
        }

        return rules.ToImmutable();
    }
}
