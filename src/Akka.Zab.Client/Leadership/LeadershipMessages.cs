namespace Akka.Zab.Client.Leadership;

/// <summary>To the candidate: you lead from now on, until <see cref="LostLeadership"/> with the same token.</summary>
/// <param name="Path">The election's znode.</param>
/// <param name="FencingToken">
/// Larger for every later leader. Hand it to whatever only a leader may change, and let that refuse a lower one than
/// it has seen.
/// </param>
public sealed record BecomeLeader(string Path, long FencingToken);

/// <summary>
/// To the candidate: you lead no longer. It was told no later than another could lead, as far as this process is awake.
/// </summary>
/// <param name="Path">The election's znode.</param>
/// <param name="FencingToken">That of the <see cref="BecomeLeader"/> before it.</param>
public sealed record LostLeadership(string Path, long FencingToken);

/// <summary>
/// To the candidate: it stands no longer, and cannot with this client. The actor that told it has stopped.
/// </summary>
/// <param name="Path">The election's znode.</param>
/// <param name="Error">
/// Why; <see cref="ZabError.SessionExpired"/> if the session is over. Null for what the log tells.
/// </param>
public sealed record LeadershipOver(string Path, ZabError? Error);

/// <summary>
/// From anybody to the actor that <see cref="ZabLeadership.Start"/> gave: give up the lead, and stand no longer. The
/// candidate is told <see cref="LostLeadership"/> if it led.
/// </summary>
public sealed record Resign
{
    /// <summary>It says nothing else.</summary>
    public static Resign Instance { get; } = new();
}

/// <summary>
/// From anybody to the actor that <see cref="ZabLeadership.Start"/> gave: stand again, at the end of the line. Nothing
/// happens if it does.
/// </summary>
public sealed record StandAgain
{
    /// <summary>It says nothing else.</summary>
    public static StandAgain Instance { get; } = new();
}
