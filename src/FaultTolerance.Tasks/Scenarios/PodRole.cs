namespace FaultTolerance.Scenarios;

/// <summary>Which of the pods of a replica that has several a fault may hit.</summary>
internal enum PodRole
{
    /// <summary>Any of them, the leaders first.</summary>
    Any,

    /// <summary>Only those that lead their replica, and serve.</summary>
    Leader,

    /// <summary>Only the others.</summary>
    Worker,
}
