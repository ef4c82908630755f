using System.Text.RegularExpressions;
using FaultTolerance.Tasks;
using FaultTolerance.Tests.Scenarios;

namespace FaultTolerance.Tests.Tasks;

/// <summary>A task that no UsingTask names cannot be called, and nothing says so before somebody calls it.</summary>
public sealed class UsingTaskTests
{
    [Fact]
    public void Every_task_is_named_by_a_UsingTask()
    {
        var props = File.ReadAllText(Path.Combine(
            Path.GetDirectoryName(RepositoryFiles.Scenarios)!, "src", "FaultTolerance.Tasks", "build", "FaultTolerance.Tasks.props"));
        var named = Regex.Matches(props, "TaskName=\"FaultTolerance\\.Tasks\\.(?<task>\\w+)\"", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1))
            .Select(match => match.Groups["task"].Value);
        var tasks = typeof(HealFaults).Assembly.GetExportedTypes()
            .Where(type => !type.IsAbstract && typeof(Microsoft.Build.Framework.ITask).IsAssignableFrom(type)).Select(type => type.Name);

        Assert.Empty(tasks.Except(named, StringComparer.Ordinal));
    }
}
