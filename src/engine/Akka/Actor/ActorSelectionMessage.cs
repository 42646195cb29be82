using System.Text.RegularExpressions;
using Akka.Event;

namespace Akka.Actor;

/// <summary>A message on its way along a selection.</summary>
public class ActorSelectionMessage(object message, SelectionPathElement[] elements, bool wildCardFanOut = false)
    : IAutoReceivedMessage, IPossiblyHarmful, IWrappedMessage
{
    public object Message { get; } = message;

    public SelectionPathElement[] Elements { get; } = elements;

    public bool WildCardFanOut { get; } = wildCardFanOut;

    public ActorSelectionMessage Copy(object? message = null, SelectionPathElement[]? elements = null,
        bool? wildCardFanOut = null) =>
        new(message ?? Message, elements ?? Elements, wildCardFanOut ?? WildCardFanOut);

    public override string ToString() =>
        $"ActorSelectionMessage - Message: {Message} - WildCartFanOut: {WildCardFanOut} - Elements: "
            + $"{string.Join("/", (object[])Elements)}";
}

/// <summary>One step of a selection.</summary>
public abstract class SelectionPathElement;

/// <summary>To the child of this name.</summary>
public class SelectChildName(string name) : SelectionPathElement
{
    public string Name { get; } = name;

    public override bool Equals(object? obj) => obj is SelectChildName other && Name == other.Name;

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Name;
}

/// <summary>To all children whose names match: * stands for any characters, ? for one.</summary>
public class SelectChildPattern(string patternStr) : SelectionPathElement
{
    readonly Regex _pattern = new("^" + Regex.Escape(patternStr).Replace("\\*", ".*").Replace("\\?", ".") + "$",
        RegexOptions.CultureInvariant | RegexOptions.Singleline);

    public string PatternStr { get; } = patternStr;

    internal bool Matches(string name) => _pattern.IsMatch(name);

    public override bool Equals(object? obj) => obj is SelectChildPattern other && PatternStr == other.PatternStr;

    public override int GetHashCode() => PatternStr.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => PatternStr;
}

/// <summary>To all descendants (**).</summary>
public class SelectChildRecursive : SelectionPathElement
{
    public override bool Equals(object? obj) => obj is SelectChildRecursive;

    public override int GetHashCode() => 1;

    public override string ToString() => "**";
}

/// <summary>To the parent (..).</summary>
public class SelectParent : SelectionPathElement
{
    public override bool Equals(object? obj) => obj is SelectParent;

    public override int GetHashCode() => 2;

    public override string ToString() => "..";
}
