namespace FaultMatrix.FakeDomain;

/// <summary>Stands for the task that removes what runs have left: writes into a journal.</summary>
public sealed class RemoveLeftovers : Microsoft.Build.Utilities.Task
{
    public string ScenariosFile { get; set; } = "";

    public string Kubeconfig { get; set; } = "";

    public string Context { get; set; } = "";

    public string Namespace { get; set; } = "";

    public string Run { get; set; } = "";

    public string TeardownTimeout { get; set; } = "";

    public bool Unexpected { get; set; }

    public bool Wait { get; set; }

    /// <summary>What rows shared; of that there is nothing here, and nothing is written.</summary>
    public bool Shared { get; set; }

    public override bool Execute()
    {
        if (Shared)
        {
            return true;
        }

        // The root is where it is seen from the targets that call it: this task gets no name of a journal.
        File.AppendAllText(
            Path.Combine(Path.GetDirectoryName(BuildEngine.ProjectFileOfTaskNode)!, "..", "..", "..", "journal.txt"),
            $"removed {Run}".TrimEnd() + "\n"
        );
        return true;
    }
}
