using System.Xml.Linq;
using FaultTolerance.Tasks;
using FaultTolerance.Tests.Scenarios;
using Microsoft.Build.Utilities;

namespace FaultTolerance.Tests.Tasks;

public sealed class ScenarioTaskParametersTests
{
    private static XElement Item => XDocument.Load(RepositoryFiles.Targets)
        .Descendants("_FtOfScenario").Single();

    private static IEnumerable<string> Names =>
        Item.Attributes().Select(attribute => attribute.Name.LocalName).Where(name => name != "Include");

    [Fact]
    public void Parameters_sets_each_that_the_targets_give()
    {
        var item = new TaskItem("scenario.proj");
        foreach (var name in Names)
        {
            item.SetMetadata(name, name == "OwnsDeployment" ? "true" : $"of {name}");
        }

        using var task = new TeardownGraph { Parameters = item };

        Assert.Equal(
            Names.Select(name => (name, name == "OwnsDeployment" ? "True" : $"of {name}")),
            Names.Select(name => (name, $"{typeof(TeardownGraph).GetProperty(name)!.GetValue(task)}")));
    }

    [Fact]
    public void Parameters_that_are_not_given_are_empty()
    {
        using var task = new TeardownGraph { Parameters = new TaskItem("scenario.proj") };

        Assert.Equal(("", "", false), (task.Scenario, task.Kubeconfig, task.OwnsDeployment));
    }
}
