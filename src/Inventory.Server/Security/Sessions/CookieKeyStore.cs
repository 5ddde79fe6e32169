using System.Xml.Linq;
using Inventory.Engine.Users;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Inventory.Server.Security.Sessions;

/// <summary>Data Protection's keys in PostgreSQL, so that each server reads the cookies of every other.</summary>
internal sealed class CookieKeyStore(CookieKeys keys) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements() => [.. keys.List().Select(xml => XElement.Parse(xml))];

    public void StoreElement(XElement element, string friendlyName) =>
        keys.Store(friendlyName, element.ToString(SaveOptions.DisableFormatting));
}
