using Akka.Actor;
using Akka.Configuration;

namespace Akka.Zab.Hosting;

/// <summary>What a member asks of its actor system, and adds to its configuration.</summary>
internal static class MemberSystem
{
    /// <summary>Room for the envelope of a message around a batch or a chunk of a snapshot.</summary>
    private const int EnvelopeBytes = 64 << 10;

    /// <summary>The largest chunk of a snapshot.</summary>
    private const int ChunkBytes = 1 << 20;

    /// <summary>Whether the actor system is in a cluster.</summary>
    public static bool IsClustered(ActorSystem system) =>
        system.Settings.Config.GetString("akka.actor.provider", "local") is { } provider &&
        (provider == "cluster" || provider.Contains("ClusterActorRefProvider", StringComparison.Ordinal));

    /// <summary>
    /// Verifies that this actor system is the one that the members' list means, and can carry what members send.
    /// </summary>
    /// <exception cref="ConfigurationException">It is not, or cannot; the message says which key is wrong.</exception>
    public static void Check(ExtendedActorSystem system, ZabSettings settings)
    {
        if (settings.Self.Address is not { } expected) return;
        var actual = system.Provider.DefaultAddress;
        if (actual.HasLocalScope)
            throw new ConfigurationException(
                "akka.zab.members names other servers, but this actor system has no remoting: akka.actor.provider " +
                "must be remote or cluster.");
        if (!actual.Equals(expected))
            throw new ConfigurationException(
                $"akka.zab.members says that server {settings.ServerId} is at {expected}, but this actor system " +
                $"is {actual}: the name of the actor system and akka.remote.dot-netty.tcp must agree with it.");
        const string frameSize = "akka.remote.dot-netty.tcp.maximum-frame-size";
        var needed = Math.Max(settings.MaxBatchBytes, ChunkBytes) + EnvelopeBytes;
        if ((settings.Members.Count > 1 || settings.Reconfigurable) &&
            system.Settings.Config.GetByteSize(frameSize, 128000) is { } size && size < needed)
            throw new ConfigurationException(
                $"{frameSize} must be at least {needed}b for akka.zab.batch.max-bytes and the chunks of snapshots, " +
                $"not {size}b.");
    }

    /// <summary>
    /// The defaults of <c>akka.zab</c>, with the database files of this server if other databases are not set; those
    /// are verified.
    /// </summary>
    /// <exception cref="ConfigurationException">
    /// A database cannot be used, or an acknowledged write could be lost with it.
    /// </exception>
    public static Config Configuration(ZabSettings settings, DataFolder folder) =>
        Store(settings.Journal, folder.Journal)
            .WithFallback(Store(settings.Snapshots, folder.Snapshots))
            .WithFallback(ZabSettings.Reference);

    private static Config Store(StoreSettings store, string file)
    {
        const string key = "connection-string";
        if (store.ConnectionString.Length == 0)
        {
            var connectionString = SqliteFile.Prepare(file, store.HasPlainTable);
            return ConfigurationFactory.ParseString(
                $"{store.Key}.{key} = {Quoted(connectionString)}\n"
                + (store.HasPlainTable ? $"{store.Key}.auto-initialize = off" : ""));
        }
        if (store.IsPostgres) PostgresDatabase.Verify(store.ConnectionString, $"{store.Key}.{key}");
        return ConfigurationFactory.Empty;
    }

    private static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"";
}
