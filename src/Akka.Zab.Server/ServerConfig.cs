using Akka.Configuration;
using Akka.Zab.Client;

namespace Akka.Zab.Server;

/// <summary>
/// Puts a server's configuration together: single settings over the file over what a server needs anyway.
/// </summary>
internal static class ServerConfig
{
    /// <summary>What every server has unless its file says otherwise.</summary>
    const string Defaults = """
        akka {
          loglevel = INFO
          stdout-loglevel = WARNING
          log-dead-letters = off
          log-dead-letters-during-shutdown = off
          actor.provider = cluster
          cluster.roles = [znode]
          remote {
            # A server that was away is heard again as soon as it is back.
            retry-gate-closed-for = 200ms

            # A batch or a chunk of a snapshot travels as one frame.
            dot-netty.tcp {
              maximum-frame-size = 4MiB
              send-buffer-size = 4MiB
              receive-buffer-size = 4MiB

              # Akka.NET would share a port that another process has, on Linux, and each would get half of the messages.
              tcp-reuse-addr = off
            }
          }
        }
        """;

    /// <summary>Reads the file and what goes over it.</summary>
    /// <exception cref="RefusedException">The file is not there, or not HOCON.</exception>
    public static Config Load(ServerOptions options)
    {
        var config = ReadFile(options.ConfigFile);
        if (options.Data is { } data) config = Set("akka.zab.data-dir", Path.GetFullPath(data)).WithFallback(config);
        foreach (var set in options.Sets)
        {
            var equals = set.IndexOf('=');
            config = Set(set[..equals].Trim(), set[(equals + 1)..].Trim()).WithFallback(config);
        }
        return config;
    }

    /// <summary>
    /// Adds the defaults, and what follows from the list of members: the address of this server, and the seed nodes of
    /// the cluster, which are the members.
    /// </summary>
    public static Config Complete(Config config, ZabSettings settings)
    {
        var complete = config
            .WithFallback(ConfigurationFactory.ParseString(Defaults))
            .WithFallback(ConfigurationFactory.FromResource(
                "Akka.Zab.Client.reference.conf", typeof(ZabMessageSerializer).Assembly));
        if (settings.Self.Address is not { } self) return complete;
        // A server that is to join an ensemble joins its cluster, too; itself it would found one.
        var nodes = settings.Join.Count > 0 ? settings.Join : [.. settings.Members.Select(member => member.Address!)];
        var seeds = string.Join(", ", nodes.Select(address => $"\"{address}\""));
        return complete.WithFallback(ConfigurationFactory.ParseString(
            $$"""
            akka.remote.dot-netty.tcp { hostname = "{{self.Host}}", port = {{self.Port}} }
            akka.cluster.seed-nodes = [{{seeds}}]
            """));
    }

    static Config ReadFile(string file)
    {
        try
        {
            return HoconFile.Read(file);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new RefusedException($"There is no file {file}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RefusedException($"The file {file} cannot be read: {e.Message}");
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new RefusedException($"The file {file} is not HOCON: {Refusals.Sentence(e)}");
        }
    }

    // A list, an object or a quoted text is HOCON as it stands; everything else is one value, whatever is in it.
    static Config Set(string path, string value)
    {
        var literal = value is ['[' or '{' or '"', ..]
            ? value
            : $"\"{value.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"";
        try
        {
            return ConfigurationFactory.ParseString($"{path} = {literal}");
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new RefusedException($"--set {path}={value} is not HOCON: {Refusals.Sentence(e)}");
        }
    }
}
