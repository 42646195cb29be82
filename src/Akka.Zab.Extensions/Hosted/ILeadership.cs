namespace Akka.Zab.Extensions;

/// <summary>
/// The lead during which a service of <c>AddLeaderService</c> runs: have it injected into the service, or into what the
/// service has injected, as all of it is made anew for each lead.
/// </summary>
public interface ILeadership
{
    /// <summary>
    /// A number that is larger for every later leader. Hand it to what only a leader may change, and let that refuse a
    /// lower one than it has seen.
    /// </summary>
    /// <exception cref="InvalidOperationException">This is not within a service that runs while it leads.</exception>
    long FencingToken { get; }

    /// <summary>Cancelled when the lead is lost; the service's own stopping token is cancelled with it.</summary>
    /// <exception cref="InvalidOperationException">This is not within a service that runs while it leads.</exception>
    CancellationToken Lost { get; }
}
