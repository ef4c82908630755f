using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace FaultMatrix.FakeDomain;

/// <summary>Selects of two scenarios by exact name; FAKE_ANY_SCENARIO=1 takes every name.</summary>
public sealed class FakeSelect : Microsoft.Build.Utilities.Task
{
    public string[] Wanted { get; set; } = [];

    [Output]
    public ITaskItem[] Selected { get; set; } = [];

    public override bool Execute()
    {
        var all =
            Environment.GetEnvironmentVariable("FAKE_ANY_SCENARIO") == "1" && Wanted.Length > 0 ? Wanted : ["agg-none", "agg-frontend"];
        foreach (var name in Wanted.Where(w => !all.Contains(w, StringComparer.Ordinal)))
        {
            Log.LogError(null, "FT0201", null, null, 0, 0, 0, 0, $"Unknown scenario '{name}'.");
        }

        Selected = [.. all.Where(n => Wanted.Length == 0 || Wanted.Contains(n, StringComparer.Ordinal)).Select(n => Item(n))];
        return !Log.HasLoggedErrors;
    }

    private static TaskItem Item(string name)
    {
        var item = new TaskItem(name);
        item.SetMetadata("ExpectedSeconds", "20");
        return item;
    }
}
