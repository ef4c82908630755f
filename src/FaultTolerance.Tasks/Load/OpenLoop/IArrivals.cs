namespace FaultTolerance.Load.OpenLoop;

/// <summary>When each request of an open loop is to be sent.</summary>
internal interface IArrivals
{
    /// <summary>The next arrival, in seconds from the start; never before the one that was asked for before.</summary>
    double Next();
}
