namespace Akka.Zab.Client.Recipes;

internal static class Paths
{
    public static string Child(string parent, string name) => parent.Length == 1 ? parent + name : $"{parent}/{name}";

    /// <summary>An absolute path that a recipe may have for its own.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static string Check(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Length > 1 && path[0] == '/' && path[^1] != '/' && !path.Contains("//", StringComparison.Ordinal))
            return path;
        throw new ArgumentException($"\"{path}\" is not the absolute path of a znode below the root.", nameof(path));
    }

    /// <summary>A name that is one component of a path.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static string CheckName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length > 0 && !name.Contains('/', StringComparison.Ordinal) && name is not ("." or "..")) return name;
        throw new ArgumentException($"\"{name}\" is not one component of a path.", nameof(name));
    }
}
