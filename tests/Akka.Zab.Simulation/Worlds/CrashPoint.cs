namespace Akka.Zab.Simulation.Worlds;

/// <summary>The moments at which the faults like to crash a server; at any other moment it may crash as well.</summary>
internal enum CrashPoint
{
    /// <summary>The journal holds a write, and nobody was told.</summary>
    WriteIsDurable,

    /// <summary>A promise to an epoch was given to the journal.</summary>
    EpochAccepted,

    /// <summary>History and epoch were given to the journal.</summary>
    EpochEstablishing,

    /// <summary>A batch was given to the journal; a leader has not sent it to everyone yet.</summary>
    BatchAppending,

    /// <summary>A batch is committed, and the replica does not know yet.</summary>
    BatchCommitting,

    /// <summary>The server was just elected.</summary>
    Elected,

    /// <summary>A quorum has promised itself to the server's epoch.</summary>
    Promised,

    /// <summary>The server has just begun to serve.</summary>
    BeginsToServe,

    /// <summary>The server has just ceased to serve.</summary>
    CeasesToServe,

    /// <summary>A tree that came from a leader replaces the replica's.</summary>
    ReplacingTree,
}
