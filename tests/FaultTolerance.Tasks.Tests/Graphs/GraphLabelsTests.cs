namespace FaultTolerance.Graphs;

public sealed class GraphLabelsTests
{
    [Theory]
    [InlineData("faultmatrix", true, true, true)]
    [InlineData("grove-operator", true, false, true)]
    [InlineData("grove-operator", false, false, false)]
    [InlineData("Helm", true, false, false)]
    public void AreOfOurPod_knows_pods_that_Grove_has_made_for_a_run(string managedBy, bool run, bool ours, bool pod)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal) { [GraphLabels.ManagedBy] = managedBy };
        if (run)
        {
            labels[GraphLabels.Run] = "20260101-000000-abcd";
        }

        Assert.Equal((ours, pod), (GraphLabels.AreOurs(labels), GraphLabels.AreOfOurPod(labels)));
    }
}
