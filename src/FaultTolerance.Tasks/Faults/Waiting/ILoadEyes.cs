namespace FaultTolerance.Faults.Waiting;

/// <summary>What faults that wait for the load see of it.</summary>
internal interface ILoadEyes
{
    /// <summary>Requests that failed so far.</summary>
    long Failed { get; }

    /// <summary>The share of the planned requests that is over, 0 to 1.</summary>
    double Done { get; }

    /// <summary>Whether requests are answered as before the first fault, and no order waits for its proof.</summary>
    bool IsSteady { get; }

    /// <summary>Whether the load has ended.</summary>
    bool HasEnded { get; }
}
