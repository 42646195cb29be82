using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace Akka.Zab.Server;

/// <summary>
/// A configuration file with what it includes: <c>include "other.conf"</c> stands for the settings of that file, which
/// is looked for beside the one that includes it. Environment variables are put into each file by itself.
/// </summary>
internal static class HoconFile
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="ConfigurationException">It is not HOCON, or an included file cannot be used.</exception>
    public static Config Read(string file)
    {
        var path = Path.GetFullPath(file);
        return ConfigurationFactory.ParseString(Text(path), name => Include(name, path, [path]));
    }

    static HoconRoot Include(string name, string from, string[] open)
    {
        var path = Path.GetFullPath(name, Path.GetDirectoryName(from)!);
        if (open.Contains(path)) throw new ConfigurationException($"{path} includes itself.");
        try
        {
            return Parser.Parse(Text(path), next => Include(next, path, [.. open, path]));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ConfigurationException($"There is no file {path}.");
        }
        catch (Exception e) when (e is not (ConfigurationException or OutOfMemoryException))
        {
            throw new ConfigurationException($"{path}: {Refusals.Sentence(e)}");
        }
        catch (ConfigurationException e) when (!e.Message.Contains(path, StringComparison.Ordinal))
        {
            throw new ConfigurationException($"{path}: {e.Message}");
        }
    }

    static string Text(string path) =>
        EnvironmentVariables.Expand(File.ReadAllText(path), Environment.GetEnvironmentVariable);
}
