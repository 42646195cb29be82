namespace Akka.Zab.Protocol;

/// <summary>What a server does in the ensemble at the moment.</summary>
public enum ServerRole
{
    /// <summary>Searching for a leader; it serves nobody.</summary>
    Looking,

    /// <summary>Follows a leader and votes.</summary>
    Following,

    /// <summary>Leads.</summary>
    Leading,

    /// <summary>Follows a leader without a vote.</summary>
    Observing,
}
