namespace Akka.Zab.Client;

/// <summary>The kind of znode that a create makes. The numbers are ZooKeeper's create flags.</summary>
public enum CreateMode
{
    /// <summary>Stays until deleted.</summary>
    Persistent = 0,

    /// <summary>Deleted when the session that created it ends. Has no children.</summary>
    Ephemeral = 1,

    /// <summary>Persistent, with the parent's ten-digit counter appended to its name.</summary>
    PersistentSequential = 2,

    /// <summary>Ephemeral, with the parent's ten-digit counter appended to its name.</summary>
    EphemeralSequential = 3,

    /// <summary>Deleted by the ensemble some time after its last child was deleted.</summary>
    Container = 4,

    /// <summary>Persistent, deleted by the ensemble when childless and not modified for its time to live.</summary>
    PersistentWithTtl = 5,

    /// <summary>As <see cref="PersistentWithTtl"/>, with the parent's counter appended to its name.</summary>
    PersistentSequentialWithTtl = 6,
}

/// <summary>What a <see cref="CreateMode"/> implies.</summary>
public static class CreateModes
{
    /// <summary>Whether the znode dies with its session.</summary>
    public static bool IsEphemeral(this CreateMode mode) =>
        mode is CreateMode.Ephemeral or CreateMode.EphemeralSequential;

    /// <summary>Whether the znode has a time to live.</summary>
    public static bool HasTimeToLive(this CreateMode mode) =>
        mode is CreateMode.PersistentWithTtl or CreateMode.PersistentSequentialWithTtl;

    /// <summary>Whether the parent's counter is appended to the name.</summary>
    public static bool IsSequential(this CreateMode mode) => mode
        is CreateMode.PersistentSequential or CreateMode.EphemeralSequential or CreateMode.PersistentSequentialWithTtl;
}
